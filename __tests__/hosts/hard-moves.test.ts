import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { describeLoad, type Load, startLoad } from "../../lab/load.ts";
import type { Config } from "../../src/config/types.ts";
import { configOf, configText, runSetup } from "../support/setup.ts";
import { asOlderLayout, must } from "./support/older-layout.ts";
import { releaseStandIn, shopServes } from "./support/stand-in-site.ts";

// A host of an older layout on which something stands in the way of its move: one clear error, the site is served all the
// time, and the same command goes on when the cause is gone.

let host: LabHost;
let shop: Config;
let load: Load;

beforeAll(async () => {
  host = await bootHost({ name: "hard-moves" });
  shop = await configOf(configText("shop", host.address, "", "domains: [shop.example.com]"));
  expect((await runSetup(host, shop)).error).toBeNull();
  await releaseStandIn(host);
});
afterAll(() => host?.stop());

/** Setup that has to fail in this step, with something in its way; what it says. */
async function fails(step: string, obstacle: string) {
  await asOlderLayout(host, 2);
  await shopServes(host);
  await must(host, obstacle);
  const headers = { host: "shop.example.com" };
  load = startLoad({ url: `http://${host.address}/`, headers, clients: 2, pauseMs: 20, maxSeconds: 200 });
  const run = await runSetup(host, shop);
  expect([run.error?.details.step, run.error?.exitCode], run.error?.message).toEqual([step, 1]);
  return run.error!;
}

/** The cause is gone: the same command ends well, and nobody was left without an answer. */
afterEach(async () => {
  const again = await runSetup(host, shop);
  expect(again.error).toBeNull();
  const seen = await load.stop();
  expect(seen.failed, describeLoad(seen)).toBe(0);
  expect((await runSetup(host, shop)).result).toBe("unchanged");
  expect(await must(host, "cd /srv/shop; find releases venvs ! -user shop_deploy")).toBe("");
});

test("a read-only mount below the application's folder", async () => {
  const path = "/srv/shop/releases/1";
  try {
    const error = await fails("owners", `mount --bind ${path} ${path} && mount -o remount,ro,bind ${path}`);
    expect(error.message).toContain(`${path}: Read-only file system`);
    expect(error.details).toMatchObject({
      at: path,
      expected: "a file system that can be written to",
      seen: "Read-only file system",
      hint: expect.stringMatching(/mount -o remount,rw .*run setup again/),
    });
  } finally {
    await must(host, `umount ${path}`);
  }
});

test("a file whose owner can not be changed, as on a network file system that makes root nobody", async () => {
  const file = "/srv/shop/releases/1/kept";
  try {
    const error = await fails("owners", `touch ${file} && chown shop: ${file} && chattr +i ${file}`);
    expect(error.details).toMatchObject({
      at: file,
      expected: "a file whose owner root may change",
      seen: "Operation not permitted",
      hint: expect.stringMatching(/root_squash.*chattr -i/),
    });
  } finally {
    await must(host, `chattr -i ${file}`);
  }
});
