import { expect, test } from "vitest";
import { parseFacts } from "../../../src/release/setup/facts.ts";
import { needsOf } from "../../../src/release/setup/needs.ts";
import { planSetup } from "../../../src/release/setup/plan.ts";
import { configOf, configText } from "../../support/setup.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const packages = ["python3", "python3-venv", "libpam-systemd", "ca-certificates", "iproute2"];
const bare = `os\tdebian\t13\tDebian 13
systemd
login\t${base64("ssh-ed25519 AAAAkey me\n")}
user\tshop\t1000\t/home/shop\tshop users
user\twww-data\t33\t/var/www\twww-data
path\t/home\tfolder\t755\troot\troot\t
path\t/home/shop\tfolder\t700\tshop\tshop\t
${packages.map((name) => `package\t${name}\n`).join("")}`;

async function plan(facts: string, server = "scope: user", uv = false) {
  const config = await configOf(configText("shop", "192.0.2.1", `server: {${server}}`, "nginx: none"));
  const input = { config, home: "/home/shop", repository: null, needs: needsOf(uv, {}), site: false };
  return planSetup({ ...input, deployKeys: null, planKeys: null, heldKeys: [] }, parseFacts(facts));
}

test("all of it is the user's own: no user, sudo rule, site or folder of root's", async () => {
  const items = await plan(bare);
  expect(items.map(({ step }) => step)).toEqual([
    ...["packages", "linger", "folder", "claim", "folders", "way for nginx", "deploy keys", "units"],
    ...["gate", "unit", "services", "owner"],
  ]);
  const written = items.flatMap(({ action }) => action.parameters).filter((one) => one.startsWith("/"));
  expect(written.filter((path) => !path.startsWith("/home/shop"))).toEqual([]);
});

test("a closed home is opened to nginx's user, and on a port to nobody", async () => {
  const way = (await plan(bare)).find(({ step }) => step === "way for nginx");
  expect(way?.message).toContain("nginx's user may enter /home/shop, /home/shop/shop ");
  const steps = (await plan(bare, "scope: user, listen: 0.0.0.0:8000")).map(({ step }) => step);
  expect(steps).not.toContain("way for nginx");
});

test("what only root can do is refused with the command", async () => {
  await expect(plan(bare.replace("package\tpython3-venv\n", ""))).rejects.toMatchObject({
    code: "setup.missing-packages",
    exitCode: 7,
    details: { hint: "root has to run, once: apt-get install python3-venv" },
  });
  await expect(plan(bare, "scope: user", true)).rejects.toMatchObject({ code: "setup.no-uv", exitCode: 7 });
});

test("a folder that the user can not make is refused, with one that it can", async () => {
  const elsewhere = bare.replaceAll("/home/shop", "/var/people/shop");
  await expect(plan(elsewhere)).rejects.toMatchObject({
    code: "setup.no-place",
    exitCode: 7,
    details: { seen: "/home belongs to root", hint: "set `release: {path: /home/shop/shop}`" },
  });
});

test("a folder that root's setup wired is not taken over", async () => {
  const owner = { version: 1, app: "shop", environment: "production", repository: null, manager: {} };
  const path = "/home/shop/shop/.djdeploy/owner.json";
  const there = `path\t${path}\tfile\t644\tshop\tshop\t${base64(JSON.stringify(owner))}\n`;
  await expect(plan(bare + there)).rejects.toMatchObject({ code: "setup.other-scope", exitCode: 7 });
});
