import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BaseName } from "../../../lab/base.ts";
import { must } from "../../../lab/exec.ts";
import { bootHost, sshArguments } from "../../../lab/host.ts";
import { newProject } from "./project.ts";
import { acted, attachSite, type Site, told } from "./site.ts";

/** Where the application of the user `shop` lies without root. */
export const place = "/home/shop/shop";

/** djdeploy.yml of the shop without root; `listen` and `nginx` say who is in front. */
export function userYml(door: { listen: string; nginx: "print" | "none" }, more = ""): string {
  return `app: shop
server: {scope: user, listen: "${door.listen}", workers: 2}
test: {command: false}
env: {secrets: [SECRET_KEY]}
${more}environments:
  production:
    url: http://shop.example.com
    nginx: ${door.nginx}
    hosts: [web1]
`;
}

/** A bare host with nothing of ours but the account of a person, who has a key to it. */
export async function bootUserHost(base: BaseName, yml: string, port: number): Promise<Site> {
  const host = await bootHost({ base, name: "own" });
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-key-"));
  try {
    const key = join(folder, "deploy");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", key]);
    const site = attachSite(host, readFileSync(key, "utf8"), newProject(yml), port);
    await site.root("adduser --quiet --disabled-password --gecos '' shop && mkdir -m 700 /home/shop/.ssh");
    const keys = "cat >/home/shop/.ssh/authorized_keys && chown -R shop: /home/shop/.ssh";
    await host.root(keys, { input: readFileSync(`${key}.pub`, "utf8") });
    return site;
  } catch (error) {
    await host.stop();
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs setup until it succeeds; what it says that root has to do is done. Answers `code: command` of each. */
export async function setUpWithoutRoot(site: Site): Promise<string[]> {
  const asked: string[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const set = acted(await site.djdeploy("setup", "production", "--format", "json"));
    if (set.code === 0) return asked;
    const { error, hint } = set.events.find(({ code }) => code === "error")?.data ?? {};
    const command = /^root has to run, once: (.*)$/.exec(String(hint))?.[1];
    if (set.code !== 7 || set.report.result !== "refused" || !command) throw new Error(told(set));
    asked.push(`${error}: ${command}`);
    // As root does it: logind knows who asks only from a login.
    const typed = command.replace("install", "-q -y --no-install-recommends install");
    await must("ssh", [...sshArguments(site.host), typed]);
  }
  throw new Error(`setup asked root for ${asked.join(", ")}, and for more`);
}
