import { beforeAll, expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { configOn, leaderOf } from "../../../src/plan/roles.ts";
import { type HostFacts, parseFacts } from "../../../src/release/setup/facts.ts";
import { ownerOf, setupHash } from "../../../src/release/setup/files.ts";
import { needsOf } from "../../../src/release/setup/needs.ts";
import { planSetup } from "../../../src/release/setup/plan.ts";
import { doorOf } from "../../../src/services/door.ts";
import { configOf } from "../../support/setup.ts";

const needs = needsOf(false, {});
const text = (manager: string) => `app: shop
server: {manager: ${manager}}
processes: {worker: {command: ./work, roles: [jobs]}}
environments:
  production: {hosts: [{host: jobs1, roles: [jobs]}, web1]}
`;

let config: Config;
beforeAll(async () => {
  config = await configOf(text("systemd"));
});

test("the first host that serves the web leads, else the first", () => {
  const [jobs, web] = [{ name: "jobs1" }, { name: "web1" }];
  expect(leaderOf(config, [jobs, web])).toBe(web);
  expect(leaderOf(config, [jobs])).toBe(jobs);
});

test("a host without web has a setup of its own", () => {
  expect(configOn(config, "web1")).toEqual(config);
  const on = configOn(config, "jobs1");
  expect(doorOf(on.server)).toEqual({ kind: "none" });
  expect(ownerOf(on, null, needs)).toMatchObject({ door: "none", manager: { places: [] } });
  expect(setupHash(on, needs)).not.toBe(setupHash(config, needs));
});

test.each(["systemd", "supervisord"])(
  "under %s it gets its processes and nothing of the web",
  async (manager) => {
    const on = configOn(await configOf(text(manager)), "jobs1");
    const items = plan(on, "");
    const written = items.map(({ action }) => action.content ?? "").join("\n");
    expect(written).toContain(manager === "systemd" ? "shop worker" : "[program:shop-worker]");
    expect(written).not.toMatch(/shop-web[@-](blue|green)|web server, slot/);
    expect(items.map(({ step }) => step)).not.toContain("nginx");
  },
);

test.each([
  ["systemd", "", "shop-web@blue.service, shop-web@green.service, shop-web@.service"],
  ["systemd", "port 127.0.0.1:8000", "shop-web.socket, shop-web.service, shop-web@blue.service"],
  ["supervisord", "", "shop-web-blue, shop-web-green"],
  ["supervisord", "port 127.0.0.1:8000", "shop-web"],
])("a web server that ran there under %s %s is taken away", async (manager, door, names) => {
  const whole = await configOf(text(manager));
  const owner = { ...ownerOf(whole, null, needs), ...(door ? { door } : {}) };
  const base64 = Buffer.from(JSON.stringify(owner)).toString("base64");
  const fact = `path\t/srv/shop/.djdeploy/owner.json\tfile\t644\tshop\tshop\t${base64}\n`;
  const gone = plan(configOn(whole, "jobs1"), fact).find(({ step }) => step === "forget");
  expect(gone?.message).toContain(names);
});

function plan(on: Config, facts: string) {
  const input = {
    ...{ config: on, home: null, repository: null, needs, deployKeys: null, planKeys: null, heldKeys: [] },
    site: false,
  };
  const login = Buffer.from("ssh-ed25519 AAAAkey me\n").toString("base64");
  const bare = `os\tdebian\t12\tDebian 12\nsystemd\nlogin\t${login}\npackage\tsudo\n`;
  return planSetup(input, parseFacts(bare + facts) satisfies HostFacts);
}
