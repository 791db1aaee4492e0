import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootHost, type LabHost } from "../../../../lab/host.ts";
import { waitFor } from "../../../../lab/wait.ts";
import type { StatusView } from "../../../../src/release/types.ts";
import { type Footprint, footprint } from "../leftovers.ts";
import { page } from "../page.ts";
import { newProject } from "../project.ts";
import { attachSite, projectLayer, type Site, sshConfig } from "../site.ts";
import { type Balancer, bootBalancer } from "./balancer.ts";
import { installGate } from "./gate.ts";

export const names = ["web1", "web2", "web3"] as const;
export type Name = (typeof names)[number];
/** It migrates, and is switched and proven before the others, which go together. */
export const canary: Name = "web1";

/** Three web hosts behind a balancer, the same release live on each. */
export interface Fleet {
  site: Site;
  balancer: Balancer;
  host(name: Name): LabHost;
  /** Runs shell text as root on one of them; throws when it fails. */
  root(name: Name, command: string): Promise<string>;
  status(): Promise<StatusView["hosts"]>;
  footprints(): Promise<Footprint[]>;
  /** Until every host's own front door answers and the balancer counts it in. */
  whole(): Promise<void>;
  /** Where the host with this name serves: `blue` or `green`. */
  slot(name: Name): Promise<string>;
  deploy(...argv: string[]): ReturnType<Site["begin"]>;
  stop(): Promise<void>;
}

const yml = (hosts: readonly string[]) => `app: shop
server: {workers: 1}
test: {command: false}
env: {secrets: [SECRET_KEY]}
processes:
  worker: {command: sh worker.sh, min-uptime: 100ms}
health: {path: /health/}
lint: {ignore: {djdeploy.database-in-memory: "it is empty on purpose"}}
drain: {min: 100ms}
release: {keep: 1}
environments:
  production:
    url: http://shop.example.com
    hosts: [${hosts.join(", ")}]
`;

/**
 * What the fleet's shop has besides: a database that lies in no file and is empty after every start, so that each
 * deploy migrates; and a page for djdeploy's probes that is not the visitors'.
 */
const files = {
  "worker.sh": "exec sleep infinity\n",
  "shop/database.py": `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n`,
  "shop/health.py": `from . import views\n\n\ndef health(request):\n    return views.where(request)\n`,
};

export async function bootFleet(): Promise<Fleet> {
  const shop = newProject(yml(names));
  const added = {
    ...files,
    "shop/production.py": `${shop.read("shop/production.py")}from .database import *  # noqa: F403\n`,
    "shop/urls.py": `${shop.read("shop/urls.py")}\nfrom .health import health\n\nurlpatterns.append(path("health/", health))\n`,
  };
  const layer = await projectLayer({ name: "fleet", base: "bookworm", yml: yml(["web1"]), files: added });
  const hosts = await Promise.all(names.map((name) => bootHost({ layer, name })));
  const [first] = hosts as [LabHost];
  shop.commit(added);
  const site = attachSite(first, layer.data.key, shop);
  for (const [index, host] of hosts.slice(1).entries())
    appendFileSync(site.reach[1] ?? "", sshConfig(host, names[index + 1]));
  const secrets = join(shop.folder, ".git", "production.env");
  writeFileSync(secrets, "SECRET_KEY=a-secret-of-this-lab-0123456789-abcdefghijklmnopqrstuvwxyz\n", {
    mode: 0o600,
  });
  const balancer = await bootBalancer(hosts);
  const host = (name: Name) => hosts[names.indexOf(name)] as LabHost;
  const root = async (name: Name, command: string) => {
    const done = await host(name).root(command);
    if (done.code !== 0) throw new Error(`${name}: ${command}: ${done.code}\n${done.stdout}${done.stderr}`);
    return done.stdout.trimEnd();
  };
  const fleet: Fleet = {
    ...{ site, balancer, host, root },
    status: async () => (await site.show<StatusView>("status")).hosts,
    footprints: () => Promise.all(names.map((name) => footprint({ root: (text) => root(name, text) }))),
    async whole() {
      for (const one of hosts)
        await waitFor(async () => (await page(one.address, "/where/")).status === 200, {
          timeoutMs: 60_000,
          what: `the shop of ${one.name}`,
        });
      await waitFor(async () => (await up(balancer)) === names.length, {
        timeoutMs: 30_000,
        what: "the balancer to count all hosts in",
      });
    },
    slot: async (name) => (await root(name, "readlink /srv/shop/run/web.sock")).replace(".sock", ""),
    deploy: (...argv) =>
      site.begin("deploy", "production", "--format", "json", "--env-file", secrets, ...argv),
    async stop() {
      await site.stop();
      await Promise.all([...hosts, balancer.host].map((one) => one.stop()));
    },
  };
  await Promise.all(hosts.map(installGate));
  await fleet.whole();
  return fleet;
}

/** How many web hosts the balancer sends visitors to. */
async function up({ host }: Balancer): Promise<number> {
  const { stdout } = await host.root(
    `python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("/run/haproxy/admin.sock"); s.sendall(b"show stat\\n"); print(s.makefile().read())'`,
  );
  return stdout
    .split("\n")
    .filter((line) => /^web,web\d,/.test(line) && line.split(",")[17]?.startsWith("UP")).length;
}
