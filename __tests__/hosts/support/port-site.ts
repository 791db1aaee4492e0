import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootHost } from "../../../lab/host.ts";
import { cli, start } from "./program.ts";
import { newProject } from "./project.ts";
import { attachSite, type Manager, type Site, told } from "./site.ts";

export interface PortOptions {
  manager: Manager;
  port: number;
  /** What stands in `server:` besides: `kind: uvicorn`. */
  server?: string[];
  more?: string;
}

/** djdeploy.yml of the shop on a port, with nobody before it. */
export function portYml({ manager, port, server = [], more = "" }: PortOptions): string {
  const keys = [`manager: ${manager}`, `listen: "0.0.0.0:${port}"`, "workers: 2", ...server];
  return `app: shop
server: {${keys.join(", ")}}
test: {command: false}
env: {secrets: [SECRET_KEY]}
${more}environments:
  production:
    url: http://shop.example.com
    nginx: none
    hosts: [web1]
`;
}

/** A bare host on which setup made the port of the shop, and nothing serves it yet. */
export async function bootPortSite(options: PortOptions): Promise<Site> {
  const host = await bootHost({ name: `strat-${options.manager}` });
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-key-"));
  try {
    const key = join(folder, "deploy");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", key]);
    const site = attachSite(host, readFileSync(key, "utf8"), newProject(portYml(options)), options.port);
    await setUp(site);
    return site;
  } catch (error) {
    await host.stop();
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function setUp(site: Site): Promise<string> {
  const set = await start(cli, ["setup", "production", ...site.asRoot], { cwd: site.project.folder }).ended;
  if (set.code !== 0) throw new Error(`setup: ${set.code}\n${set.stdout}${set.stderr}`);
  return set.stdout;
}

/** A deploy that has to succeed; answers its report. */
export async function deployed(site: Site, ...argv: string[]) {
  const done = await site.act("deploy", ...argv);
  if (done.code !== 0) throw new Error(told(done));
  return done.report;
}
