import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import type { ReleasesView } from "../../src/release/types.ts";
import { chance, shuffled } from "../support/chance.ts";
import { footprint } from "./support/leftovers.ts";
import { type Manager, type Site, startSite, told } from "./support/site.ts";

// A short sequence for every change; `npm run test:random` makes the long one of thirty deploys and ten rollbacks.
// DJDEPLOY_RANDOM_SEED repeats a sequence.
const long = process.env["DJDEPLOY_RANDOM"] === "long";
const counts = long ? { deploy: 30, rollback: 10, broken: 4 } : { deploy: 6, rollback: 2, broken: 1 };
const seed = Number(process.env["DJDEPLOY_RANDOM_SEED"] ?? Date.now() % 1_000_000);
const limitSeconds = long ? 1500 : 280;
const keep = 3;

type Act = keyof typeof counts;
const acts = Object.entries(counts).flatMap(([act, count]) => Array<Act>(count).fill(act as Act));

describe.each<Manager>(["systemd", "supervisord"])(`switching under %s (seed ${seed})`, (manager) => {
  const next = chance(seed);
  let site: Site;
  beforeAll(async () => {
    const more = `release: {keep: ${keep}}\n`;
    site = await startSite(manager, { more, args: ["--threads", "6"] });
  });
  afterAll(() => site?.stop());

  const serves = async (word: string) => expect((await site.page()).body).toContain(`version ${word}`);
  /** What each release says, by its name. */
  const words = new Map<string, string>();
  let live = "one";

  async function deploys(word: string): Promise<void> {
    site.project.version(word);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(done.report.result).toBe("deployed");
    words.set(done.report.release ?? "", word);
    live = word;
  }

  /** To the one before, or to any that is still there. False where there is none yet. */
  async function rollsBack(): Promise<boolean> {
    const { releases } = await site.show<ReleasesView>("releases");
    const there = releases.filter((one) => one.state === "superseded" && words.has(one.id));
    const chosen = there[Math.floor(next() * there.length)];
    if (!chosen) return false;
    const now = releases.find((one) => one.live)?.id ?? "";
    const before = there.map((one) => one.id).filter((id) => id < now);
    const previous = before.sort().at(-1);
    const to = next() < 0.5 && previous ? previous : chosen.id;
    const done = await site.act("rollback", ...(to === previous ? [] : ["--to", to]));
    expect(done.code, told(done)).toBe(0);
    expect(done.report).toMatchObject({ result: "rolled-back", release: to });
    live = words.get(to) ?? "?";
    return true;
  }

  async function fails(): Promise<void> {
    const head = site.project.git("rev-parse", "HEAD");
    const file = next() < 0.5 ? "shop/wsgi.py" : "shop/production.py";
    site.project.commit({ [file]: `${site.project.read(file)}\nimport nowhere\n` });
    const done = await site.act("deploy", "--skip-lint");
    site.project.git("reset", "-q", "--hard", head);
    expect(done.code, told(done)).toBe(file.includes("wsgi") ? 1 : 3);
    expect(done.report.result).toBe("kept-old");
  }

  test(
    "deploys, rollbacks and broken releases in any order lose no request and leave nothing behind",
    async () => {
      const load = (path: string, clients: number) =>
        startLoad({
          url: `http://${site.host.address}${path}`,
          headers: { host: "shop.example.com" },
          clients,
          pauseMs: 100,
          requestTimeoutMs: 20_000,
          maxSeconds: limitSeconds,
        });
      await deploys("first");
      const slow = load("/slow/?s=1", 4);
      const fast = load("/where/", 2);
      const begun = performance.now();
      const left = shuffled(acts, next).slice();
      const done: Act[] = [];
      while (left.length > 0) {
        const act = left.shift() ?? "deploy";
        if (act === "deploy") await deploys(`v${done.length}`);
        else if (act === "broken") await fails();
        else if (!(await rollsBack())) {
          // There is nothing to go back to yet: later.
          left.splice(left.indexOf("deploy") + 1, 0, act);
          continue;
        }
        done.push(act);
        await serves(live);
      }
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      const counted = [await slow.stop(), await fast.stop()];
      console.log(
        `${manager}, seed ${seed}, ${seconds} s: ${done.join(" ")}\n${counted.map(describeLoad).join("\n")}`,
      );
      for (const result of counted) {
        expect(result.failed, describeLoad(result)).toBe(0);
        expect(result.ranOut).toBe(false);
        expect(result.sent).toBeGreaterThan(40);
      }
      await expectTidy(site);
    },
    (limitSeconds + 60) * 1000,
  );

  test("after a reboot the live release serves, alone", async () => {
    const before = await footprint(site);
    await site.host.reboot();
    await waitFor(async () => (await site.page()).body.includes(`version ${live}`), {
      timeoutMs: 30_000,
      what: "the live release to serve",
    });
    const { recordsKb: _, ...after } = await footprint(site);
    expect(before).toMatchObject(after);
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
    processes: 3, // the main process and two workers
    lock: false,
  });
  // The runs of the last clean-up and this one; what is in them is a few kilobytes each.
  expect(there.runs).toBeLessThanOrEqual(21);
  expect(there.recordsKb).toBeLessThan(2000);
  expect(releases.map((one) => one.id).sort()).toEqual(there.releases);
  const good = releases.filter((one) => one.state !== "failed");
  expect(good).toHaveLength(keep + 1);
  expect(releases.length - good.length).toBeLessThanOrEqual(1);
  expect(good.filter((one) => one.live).map((one) => [one.id, one.state])).toEqual([[there.live, "live"]]);
  expect(new Set(good.filter((one) => !one.live).map((one) => one.state))).toEqual(new Set(["superseded"]));
  expect(await site.status()).toMatchObject({ proven: true, release: there.live, slot, lock: null });
}
