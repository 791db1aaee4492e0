import { expect, test } from "vitest";
import { judgeHost } from "../../../src/release/doctor/judge.ts";
import type { Looked } from "../../../src/release/doctor/types.ts";
import { wantedCommands, wantedUnits } from "../../../src/release/doctor/wanted.ts";
import { setupHash } from "../../../src/release/setup/files.ts";
import { needsOf } from "../../../src/release/setup/needs.ts";
import { configOf, configText } from "../../support/setup.ts";

const config = await configOf(configText("shop", "web1", "", "url: https://www.example.com\ntls: certbot"));
const needs = needsOf(false, {});
const good = {
  facts: {
    owner: { setup: setupHash(config, needs), uv: null, urls: needs, user: "shop", deployer: "shop_deploy" },
    writable: true,
    user: "shop_deploy",
    releases: [],
    lock: null,
    interrupted: null,
    diskFreeMb: 20_000,
    inodesFree: 100_000,
    memoryMb: 2_000,
    serving: { mainMb: 30, workersMb: [60, 60] },
    time: 1_000_000,
  },
  system: {
    rebootFor: null,
    securityUpdates: 0,
    listsAgeDays: 0.5,
    units: Object.fromEntries(
      wantedUnits(config).map((name) => [name, { enabled: "enabled", active: "active" }]),
    ),
    sudo: wantedCommands(config).map(() => true),
  },
  standing: { served: { slot: "blue", release: "R1" }, workers: 2, proof: "answered 200", problems: [] },
  databases: {
    engine: "x.sqlite3",
    applied: [],
    databases: { default: { engine: "x.sqlite3", unknown: null } },
  },
  outside: null,
  certificate: { daysLeft: 80, late: false, names: ["www.example.com"], distrust: null },
  now: 1_000_001,
  tookSeconds: 2,
} as unknown as Looked;

const bad = (more: object) =>
  judgeHost(config, "web1", { ...good, ...more } as Looked)
    .filter(({ level }) => level !== "ok")
    .map(({ id, level, message, seen, fix }) => ({ id, level, message, seen, fix }));
const facts = (more: object) => ({ facts: { ...good.facts, ...more } });
const system = (more: object) => ({ system: { ...(good.system as object), ...more } });

test("nothing is wrong", () => {
  expect(bad({})).toEqual([]);
});

test.each<[string, object, object]>([
  [
    "a full disk",
    facts({ diskFreeMb: 100 }),
    { id: "disk", level: "error", message: "100 MB free at /srv/shop" },
  ],
  ["a disk that fills", facts({ diskFreeMb: 900 }), { id: "disk", level: "warning" }],
  ["no inodes", facts({ inodesFree: 12 }), { id: "inodes", level: "error" }],
  [
    "no room for two",
    facts({ memoryMb: 100 }),
    { id: "memory", level: "warning", message: "100 MiB free, the live release takes 150" },
  ],
  [
    "a clock that is off",
    { now: 1_000_100 },
    { id: "clock", level: "warning", message: "the clocks are 98 s apart" },
  ],
  ["a clock of another day", { now: 1_086_400 }, { id: "clock", level: "error" }],
  ["no setup", facts({ owner: null }), { id: "setup", level: "error", message: "the host is not set up" }],
  [
    "another user",
    facts({ writable: false, user: "me" }),
    { id: "setup", level: "error", seen: "connected as me" },
  ],
  [
    "a migration that was cut off",
    facts({ interrupted: { run: "r", at: 1, doing: "shop.0002" } }),
    { id: "interrupted", level: "warning", seen: "shop.0002" },
  ],
  [
    "a dead run",
    facts({ releases: [{ id: "R2", state: "switched" }] }),
    { id: "leftovers", level: "warning", seen: "R2" },
  ],
  [
    "a masked unit",
    system({ units: { "nginx.service": { enabled: "masked", active: "active" } } }),
    { id: "units", level: "error", fix: "systemctl unmask nginx.service && systemctl enable nginx.service" },
  ],
  [
    "a timer that is not there",
    system({ units: { "certbot.timer": { enabled: "enabled", active: "" } } }),
    { id: "units", level: "error", message: "certbot.timer does not run", seen: "not there" },
  ],
  [
    "updates",
    system({ securityUpdates: 3 }),
    { id: "updates", level: "warning", message: "3 security updates wait" },
  ],
  [
    "old lists",
    system({ listsAgeDays: 12 }),
    { id: "updates", level: "unknown", seen: "the lists of packages are 12 days old" },
  ],
  ["no apt", system({ securityUpdates: null }), { id: "updates", level: "unknown" }],
  [
    "a certificate that was not renewed",
    { certificate: { daysLeft: 12, late: true, names: ["www.example.com"], distrust: null } },
    {
      id: "certificate",
      level: "warning",
      fix: "certbot renew --dry-run on the host says why it was not renewed",
    },
  ],
  [
    "a certificate that has expired",
    { certificate: { daysLeft: -1, late: true, names: [], distrust: "CERT_HAS_EXPIRED" } },
    { id: "certificate", level: "error", message: "the certificate has expired" },
  ],
  [
    "a certificate of staging",
    { certificate: { daysLeft: 80, late: false, names: [], distrust: "SELF_SIGNED_CERT_IN_CHAIN" } },
    { id: "certificate", level: "warning", seen: "SELF_SIGNED_CERT_IN_CHAIN" },
  ],
  [
    "nobody comes in",
    { outside: "https://203.0.113.1:443: no answer within 5 s" },
    { id: "outside", level: "error" },
  ],
  [
    "databases that nobody can ask",
    { databases: { unknown: "the database did not answer within 20 s" } },
    { id: "database", level: "error", seen: "the database did not answer within 20 s" },
  ],
  [
    "nothing is live",
    { standing: { served: null, workers: 0, proof: null, problems: [] } },
    { id: "release", level: "warning" },
  ],
  [
    "who serves can not be seen",
    { standing: { unknown: "no answer" } },
    { id: "release", level: "unknown", seen: "no answer" },
  ],
])("%s", (_what, more, expected) => {
  const found = bad(more);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject(expected);
});

test("each rule of sudo's that is missing, by its command", () => {
  const sudo = wantedCommands(config).map((_, at) => at !== 0);
  expect(bad(system({ sudo }))).toMatchObject([
    { id: "sudo", level: "error", message: expect.stringContaining(wantedCommands(config)[0]!.join(" ")) },
  ]);
});
