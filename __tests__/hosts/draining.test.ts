import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { type Manager, type Site, startSite, told } from "./support/site.ts";

describe.each<Manager>(["systemd", "supervisord"])("two sync workers under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager);
  });
  afterAll(() => site?.stop());

  test("requests that still wait in the old release's queue are answered", async () => {
    site.project.version("two");
    const load = startLoad({
      url: `http://${site.host.address}/slow/?s=1`,
      headers: { host: "shop.example.com" },
      clients: 20,
      requestTimeoutMs: 60_000,
    });
    await waitFor(() => load.now().ok > 2, { timeoutMs: 60_000, what: "the queue to be long" });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    const result = await load.stop();
    expect(result.failed, describeLoad(result)).toBe(0);
    const drained = done.events.find((event) => event.code === "step.done" && event.step === "drain");
    expect(Number(/after (\d+) ms/.exec(drained?.message ?? "")?.[1])).toBeGreaterThan(1000);
    expect((await footprint(site)).running).toEqual([done.report.release]);
  });
});

describe("systemd's start limit", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("systemd");
  });
  afterAll(() => site?.stop());

  test("boots that fail one after the other do not keep the next good one from starting", async () => {
    const wsgi = site.project.read("shop/wsgi.py");
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      site.project.commit({ "shop/wsgi.py": `${wsgi}\nraise RuntimeError("attempt ${attempt}")\n` });
      const failed = await site.act("deploy");
      expect(failed.code).toBe(1);
      expect(failed.report.result).toBe("kept-old");
    }
    site.project.commit({ "shop/wsgi.py": wsgi });
    site.project.version("three");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain("version three");
    const there = await footprint(site);
    expect(there.releases.length).toBeLessThan(6);
    expect(there.running).toEqual([there.live]);
  });
});
