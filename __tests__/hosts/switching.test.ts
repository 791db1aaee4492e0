import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import type { ReleasesView } from "../../src/release/types.ts";
import { footprint } from "./support/leftovers.ts";
import { type Manager, type Site, startSite, told } from "./support/site.ts";

const words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];
const keep = 3;

describe.each<Manager>(["systemd", "supervisord"])("switching under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    const more = `release: {keep: ${keep}}\n`;
    site = await startSite(manager, { more, args: ["--threads", "6"] });
  });
  afterAll(() => site?.stop());

  test("ten deploys and three rollbacks lose no request and leave nothing behind", async () => {
    const load = (path: string, clients: number) =>
      startLoad({
        url: `http://${site.host.address}${path}`,
        headers: { host: "shop.example.com" },
        clients,
        pauseMs: 100,
        requestTimeoutMs: 20_000,
        maxSeconds: 280,
      });
    const slow = load("/slow/?s=1", 4);
    const fast = load("/where/", 2);
    for (const word of words) {
      site.project.version(word);
      const done = await site.act("deploy");
      expect(done.code, told(done)).toBe(0);
      expect(done.report.result).toBe("deployed");
      expect((await site.page()).body).toContain(`version ${word}`);
    }
    for (const word of ["ten", "nine", "eight"]) {
      const done = await site.act("rollback");
      expect(done.code, told(done)).toBe(0);
      expect(done.report.result).toBe("rolled-back");
      expect((await site.page()).body).toContain(`version ${word}`);
    }
    for (const result of [await slow.stop(), await fast.stop()]) {
      expect(result.failed, describeLoad(result)).toBe(0);
      expect(result.ranOut).toBe(false);
      expect(result.sent).toBeGreaterThan(40);
    }
    await expectTidy(site);
  });

  test("after a reboot the live release serves, alone", async () => {
    const before = await footprint(site);
    await site.host.reboot();
    await waitFor(async () => (await site.page()).body.includes("version eight"), {
      timeoutMs: 30_000,
      what: "the live release to serve",
    });
    const after = await footprint(site);
    expect(after).toEqual(before);
    expect(await site.status()).toMatchObject({ proven: true, state: "live", release: before.live });
  });
});

/** What is on the host fits what `releases` and `status` say, and no more is there than that. */
async function expectTidy(site: Site): Promise<void> {
  const { releases } = await site.show<ReleasesView>("releases");
  const there = await footprint(site);
  const slot = there.slots[0] ?? "";
  expect(there).toMatchObject({
    slots: [slot],
    run: [`${slot}.boot`, `${slot}.sock`, "web.sock"],
    venvs: 1,
    versions: releases.length,
    temporary: [],
    running: [there.live],
    lock: false,
  });
  expect(releases.map((one) => one.id).sort()).toEqual(there.releases);
  expect(releases.length).toBe(keep + 1);
  expect(releases.filter((one) => one.live).map((one) => [one.id, one.state])).toEqual([
    [there.live, "live"],
  ]);
  expect(new Set(releases.filter((one) => !one.live).map((one) => one.state))).toEqual(
    new Set(["superseded"]),
  );
  expect(await site.status()).toMatchObject({ proven: true, release: there.live, slot, lock: null });
}
