import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BaseName } from "../../../lab/base.ts";
import { bootHost, type LabHost } from "../../../lab/host.ts";
import { type Layer, savedLayer } from "../../../lab/layer.ts";
import { waitFor } from "../../../lab/wait.ts";
import type { StatusView } from "../../../src/release/types.ts";
import type { Event, Report } from "../../../src/report/event.ts";
import { type Page, page } from "./page.ts";
import { cli, type Ran, type Running, start } from "./program.ts";
import { newProject, type Project, shop } from "./project.ts";

export type Manager = "systemd" | "supervisord";

/** A verb that ran with `--format json`: its events, and the report of its last line. */
export interface Acted extends Ran {
  events: Event[];
  report: Report;
}

/** A host on which version "one" of the shop is live, a checkout of the shop, and the ways to use both. */
export interface Site {
  host: LabHost;
  project: Project;
  /** Options of the command line that lead to the host as its deploy user. */
  reach: string[];
  /** The options with which `setup` runs again, as root. */
  asRoot: string[];
  /** `djdeploy setup` with them, begun in the checkout. */
  setup(...argv: string[]): Running;
  /** Runs djdeploy in the checkout. */
  djdeploy(...argv: string[]): Promise<Ran>;
  /** The same without waiting for its end. */
  begin(...argv: string[]): Running;
  /** A verb that acts (deploy, rollback), with its events and report. */
  act(verb: string, ...argv: string[]): Promise<Acted>;
  /** `djdeploy VERB production --format json` of a verb that shows something. */
  show<T>(verb: string, ...argv: string[]): Promise<T>;
  status(): Promise<StatusView["hosts"][0]>;
  page(path?: string, headers?: Record<string, string>): Promise<Page>;
  /** Runs shell text on the host as root; throws what it said when it fails. */
  root(command: string): Promise<string>;
  stop(): Promise<void>;
}

/** djdeploy.yml of the shop; `more` is added at the top level, `there` to the environment. */
export function shopYml(manager: Manager, more = "", there = "", args: string[] = []): string {
  return `app: shop
server: {manager: ${manager}, workers: 2${args.length ? `, args: ${JSON.stringify(args)}` : ""}}
test: {command: false}
env: {secrets: [SECRET_KEY]}
${more}environments:
  production:
    url: http://shop.example.com
    hosts: [web1]
${there.replace(/^(?=.)/gm, "    ")}`;
}

export const secretKey = "a-secret-of-this-lab-0123456789-abcdefghijklmnopqrstuvwxyz";

/** Boots a host with the shop live on it, from a disk that was set up and deployed to once. */
export async function startSite(
  manager: Manager,
  options: { base?: BaseName; more?: string; there?: string; args?: string[] } = {},
): Promise<Site> {
  const layer = await shopLayer(manager, options.base ?? "bookworm");
  const host = await bootHost({ layer, name: "web1" });
  try {
    const site = attachSite(host, layer.data.key, newProject(shopYml(manager)));
    await waitFor(async () => (await site.page()).status === 200, {
      timeoutMs: 30_000,
      what: `the shop of ${host.name}`,
    });
    if (options.more || options.there || options.args) {
      site.project.commit(
        { "djdeploy.yml": shopYml(manager, options.more, options.there, options.args) },
        "Configure",
      );
    }
    return site;
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** The ways to use a host with a deploy key; the checkout is removed with the site. */
export function attachSite(host: LabHost, deployKey: string, project: Project, port = 80): Site {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-site-"));
  const key = join(folder, "id_ed25519");
  writeFileSync(key, deployKey, { mode: 0o600 });
  writeFileSync(`${key}.pub`, execFileSync("ssh-keygen", ["-y", "-f", key]));
  const alias = join(folder, "ssh_config");
  writeFileSync(alias, sshConfig(host));
  writeFileSync(join(folder, "production.env"), `SECRET_KEY=${secretKey}\n`, { mode: 0o600 });
  const reach = ["--ssh-config", alias, "--identity", key];
  const site: Site = {
    host,
    project,
    reach,
    asRoot: [
      "--user",
      "root",
      "--ssh-config",
      alias,
      "--identity",
      host.privateKeyFile,
      "--ci-key",
      `${key}.pub`,
    ],
    setup: (...argv) => start(cli, ["setup", "production", ...site.asRoot, ...argv], { cwd: project.folder }),
    begin: (...argv) => start(cli, [...argv, ...reach], { cwd: project.folder }),
    djdeploy: (...argv) => site.begin(...argv).ended,
    async act(verb, ...argv) {
      const given = verb === "deploy" ? ["--env-file", join(folder, "production.env")] : [];
      return acted(await site.djdeploy(verb, "production", "--format", "json", ...given, ...argv));
    },
    async show<T>(verb: string, ...argv: string[]) {
      const ran = await site.djdeploy(verb, "production", "--format", "json", ...argv);
      // `status` answers 1 where something is not proven, and shows it all the same.
      if (ran.code !== 0 && !(verb === "status" && ran.code === 1 && ran.stdout))
        throw new Error(`djdeploy ${verb}: ${ran.code}\n${ran.stdout}${ran.stderr}`);
      return JSON.parse(ran.stdout) as T;
    },
    status: async () => (await site.show<StatusView>("status")).hosts[0]!,
    page: (path = "/", headers) => page(host.address, path, headers, port),
    async root(command) {
      const done = await host.root(command);
      if (done.code !== 0) throw new Error(`${command}: ${done.code}\n${done.stdout}${done.stderr}`);
      return done.stdout.trimEnd();
    },
    async stop() {
      await host.stop();
      project.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return site;
}

/** The last line is the report, each other one an event. */
export function acted(ran: Ran): Acted {
  const lines = ran.stdout.trim().split("\n");
  try {
    const events = lines.map((line) => JSON.parse(line) as Event);
    return { ...ran, events, report: events.pop() as unknown as Report };
  } catch {
    throw new Error(`not one event a line (exit code ${ran.code}):\n${ran.stdout}${ran.stderr}`);
  }
}

/** What to show when an act went otherwise than expected. */
export function told({ code, report, events, stderr }: Acted): string {
  const said = events
    .filter((event) => event.level !== "debug")
    .map((one) => `${one.code} ${one.step ?? ""} ${one.message}`);
  return `exit code ${code}, ${report.result}\n${said.join("\n")}\n${stderr}`;
}

/** A block of ssh_config that leads to a host under a name. */
export function sshConfig(host: LabHost, name = "web1"): string {
  return `Host ${name} ${host.address}
  HostName ${host.address}
  UserKnownHostsFile ${host.knownHostsFile}
  GlobalKnownHostsFile /dev/null
  IdentityAgent none
`;
}

/** The disk of a host after `djdeploy setup` and a first `djdeploy deploy`, with a deploy key of its own. */
export function shopLayer(manager: Manager, base: BaseName): Promise<Layer<{ key: string }>> {
  return projectLayer({ name: `shop-${manager}`, base, yml: shopYml(manager), files: {} });
}

/** The same with another djdeploy.yml, and with files that differ from the shop's. */
export function projectLayer(want: {
  name: string;
  base: BaseName;
  yml: string;
  files: Record<string, string>;
}): Promise<Layer<{ key: string }>> {
  const { name, base, yml, files } = want;
  const key = `${hashOf(layerSources)}${JSON.stringify([yml, files])}`;
  return savedLayer({ name, base, key }, async (host) => {
    const folder = mkdtempSync(join(tmpdir(), "djdeploy-layer-"));
    const file = join(folder, "deploy");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", file]);
    const key = readFileSync(file, "utf8");
    const project = newProject(yml);
    if (Object.keys(files).length > 0) project.commit(files);
    const site = attachSite(host, key, project);
    try {
      const set = await start(cli, ["setup", "production", ...site.asRoot], { cwd: site.project.folder })
        .ended;
      if (set.code !== 0) throw new Error(`setup: ${set.code}\n${set.stdout}${set.stderr}`);
      const done = await site.act("deploy");
      if (done.code !== 0) throw new Error(told(done));
      return { key };
    } finally {
      site.project.remove();
      rmSync(folder, { recursive: true });
    }
  });
}

/** What the disk after setup and a first deploy depends on. */
const layerSources = [
  shop,
  "src/release/setup",
  "src/services",
  "src/plan/venv.ts",
  "src/host/layout.ts",
  "src/host/files",
];

function hashOf(sources: string[]): string {
  const root = new URL("../../../", import.meta.url).pathname;
  const hash = createHash("sha256");
  const add = (path: string) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== "__pycache__") add(join(path, name));
    } else hash.update(`${path.slice(root.length)}\0`).update(readFileSync(path));
  };
  for (const source of sources) add(source.startsWith("/") ? source : join(root, source));
  return hash.digest("hex");
}
