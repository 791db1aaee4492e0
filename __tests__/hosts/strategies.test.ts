import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { record } from "../../bench/strategies/record.ts";
import { describeLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { doorOf } from "../../src/services/door.ts";
import { guaranteeOf } from "../../src/services/guarantee.ts";
import { servers } from "../../src/services/servers/index.ts";
import type { ServerKind } from "../../src/services/types.ts";
import { footprint } from "./support/leftovers.ts";
import { testConnectedOnPort } from "./support/port-asgi.ts";
import { bootPortSite, deployed, portYml } from "./support/port-site.ts";
import { type Manager, type Site, shopYml, startSite, told } from "./support/site.ts";
import { lostKinds, visitors } from "./support/visitors.ts";

// With DJDEPLOY_BENCH=write (npm run bench:strategies) what was measured is kept for docs/strategies.md.

const kinds = Object.keys(servers) as ServerKind[];
const doors = {
  nginx: { port: 80, keys: [], kinds },
  port: { port: 80, keys: [], kinds: kinds.filter((kind) => servers[kind].takesSocket) },
  restart: {
    port: 8000,
    keys: ["strategy: restart"],
    kinds: kinds.filter((kind) => !servers[kind].takesSocket),
  },
};
type DoorName = keyof typeof doors;

interface Case {
  door: DoorName;
  manager: Manager;
  /** What is installed. */
  kinds: readonly ServerKind[];
  /** What is measured. Default: all of it. */
  measured?: readonly ServerKind[];
}

const all: Case[] = (["systemd", "supervisord"] as const).flatMap((manager) =>
  (["nginx", "port", "restart"] as const).map((door) => ({ door, manager, kinds: doors[door].kinds })),
);

// The whole table takes a quarter of an hour: without the bench, a server that no other test starts.
const few: Case[] = [
  { door: "nginx", manager: "systemd", kinds: ["uwsgi"] },
  { door: "port", manager: "systemd", kinds: ["uvicorn"], measured: [] },
];

const cases = process.env["DJDEPLOY_BENCH"] ? all : few;

describe.each(cases)("$door under $manager", ({ door, manager, kinds, measured = kinds }) => {
  const { port, keys } = doors[door];
  let site: Site;
  beforeAll(async () => {
    site = door === "nginx" ? await startSite(manager) : await bootPortSite({ manager, port, server: keys });
    // One environment for all, so that what is measured is never an installation.
    const packages = kinds.map((kind) => servers[kind].pinned).join("\n");
    site.project.commit({
      "requirements.txt": `Django==5.2.19\nwhitenoise==6.12.0\n${packages}\nwebsockets==17.4\n`,
    });
  });
  afterAll(() => site?.stop());

  test.each(measured)("%s", async (kind) => {
    const { finishes } = servers[kind];
    const promised = guaranteeOf(doorOf(settingsOf(door)), manager, { finishes });
    onTestFinished(() => void site.project.commit(sound(kind)));
    site.project.commit({ ...sound(kind), "djdeploy.yml": ymlOf(manager, door, kind) });
    await deployed(site, "--force", "another server");

    const load = visitors(site, port);
    site.project.version(`of_${kind}`);
    await deployed(site);
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    const seen = await load.stop();
    if (promised.lost === "none") expect(seen.failed, describeLoad(seen)).toBe(0);
    expect(seen.sent).toBeGreaterThan(30);

    const during = visitors(site, port);
    const broken = await deployBroken(site, kind);
    const unharmed = await during.stop();
    expect(unharmed.failed, describeLoad(unharmed)).toBe(0);

    const before = await footprint(site);
    await site.host.reboot();
    await waitFor(async () => (await site.page("/where/")).status === 200, {
      timeoutMs: 30_000,
      what: `${kind} to serve after a reboot`,
    });
    const after = await footprint(site);
    expect(after).toEqual(before);
    expect(await site.status()).toMatchObject({ proven: true, release: before.live });

    record({
      manager,
      door,
      server: kind,
      sent: seen.sent,
      lost: seen.failed,
      kinds: lostKinds(seen),
      slowestMs: seen.slowestMs,
      broken,
      reboot: "the live release, alone",
    });
  });

  if (door === "port" && manager === "systemd" && kinds.includes("uvicorn")) {
    const yml = ymlOf(manager, door, "uvicorn")
      .replace("kind: uvicorn", "kind: uvicorn, stop-timeout: 8s")
      .replace("app: shop", "app: shop\ndjango: {application: shop.asgi:application}");
    testConnectedOnPort(() => site, port, yml);
  }
});

function settingsOf(door: DoorName) {
  const { port, keys } = doors[door];
  const listen = door === "nginx" ? "socket" : `0.0.0.0:${port}`;
  return { listen, strategy: keys.length > 0 ? "restart" : "blue-green" };
}

function ymlOf(manager: Manager, door: DoorName, kind: ServerKind): string {
  const { port, keys } = doors[door];
  if (door !== "nginx") return portYml({ manager, port, server: [...keys, `kind: ${kind}`] });
  return shopYml(manager).replace("workers: 2", `workers: 2, kind: ${kind}`);
}

const asgi = `import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")
application = get_asgi_application()
`;
const wsgi = asgi.replaceAll("asgi", "wsgi");

function sound(kind: ServerKind): Record<string, string> {
  const speaks = servers[kind].speaks[0];
  return { "shop/wsgi.py": wsgi, "shop/asgi.py": asgi, "README.md": `Served as ${speaks}\n` };
}

/** A release that does not import. */
async function deployBroken(site: Site, kind: ServerKind): Promise<string> {
  site.project.commit({
    "shop/wsgi.py": `${wsgi}\nraise RuntimeError("${kind}")\n`,
    "shop/asgi.py": `${asgi}\nraise RuntimeError("${kind}")\n`,
  });
  const failed = await site.act("deploy");
  expect(failed.code, told(failed)).toBe(1);
  expect(failed.report.result).toBe("kept-old");
  const status = await site.status();
  expect(status.proven, JSON.stringify(status)).toBe(true);
  return "red, the old one serves";
}
