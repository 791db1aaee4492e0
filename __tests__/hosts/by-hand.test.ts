import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import type { ReleasesView } from "../../src/release/types.ts";
import { type Site, startSite, told } from "./support/site.ts";

/** What people do by hand on a host, or copy from a recipe, and what of it once left old code serving. */
describe("after hands on the host", () => {
  let site: Site;
  let first: string;
  let second: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    first = (await site.status()).release ?? "";
    site.project.version("two");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    second = done.report.release ?? "";
  });
  afterAll(() => site?.stop());

  const number = async () => /version (\w+)/.exec((await site.page()).body)?.[1];

  test("a link moved back and a HUP: the old code serves on, status says so, the next deploy ends it", async () => {
    const { slot } = await site.status();
    const main = await site.root(`systemctl show -p MainPID --value shop-web@${slot}`);
    const workers = () => site.root(`pgrep -P ${main}`);
    const before = (await workers()).split("\n");
    await site.root(`
      cd /srv/shop
      ln -sfn ../releases/${first} slots/${slot}
      ln -sfn ../releases/${first} slots/current
      kill -HUP ${main}`);
    await waitFor(async () => !(await workers()).split("\n").some((pid) => before.includes(pid)), {
      timeoutMs: 30_000,
      what: "the workers after the HUP",
    });
    // New workers, and still not what the link names: a recipe that ends here is green over old code.
    expect(await number()).toBe("two");
    const status = await site.djdeploy("status", "production");
    expect(status.code).toBe(1);
    expect(status.stdout).toContain("not proven");
    expect(status.stdout).toContain(`slots/${slot} names ${first}, but what runs there is ${second}`);
    expect(status.stdout).toContain("never by a link and a HUP");
    expect(await site.status()).toMatchObject({ proven: false, release: second });

    site.project.version("three");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await number()).toBe("three");
    expect(await site.status()).toMatchObject({ proven: true, release: done.report.release });
  });

  test("an old release started by hand beside the live one is told, and ended by the next deploy", async () => {
    const { slot } = await site.status();
    const idle = slot === "blue" ? "green" : "blue";
    await site.root(`
      cd /srv/shop
      ln -sfn ../releases/${first} slots/${idle}
      cat /proc/sys/kernel/random/boot_id > run/${idle}.boot
      systemctl start shop-web@${idle}`);
    await waitFor(async () => (await site.host.root(`test -S /srv/shop/sockets/${idle}.sock`)).code === 0, {
      timeoutMs: 30_000,
      what: "the old release by hand",
    });
    const status = await site.djdeploy("status", "production");
    expect(status.code).toBe(1);
    expect(status.stdout).toContain(`slot ${idle} runs ${first} beside it`);
    site.project.version("four");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await number()).toBe("four");
    const folders = await site.root(
      "for pid in $(pgrep -u shop -f gunicorn); do readlink /proc/$pid/cwd; done",
    );
    expect([...new Set(folders.split("\n"))]).toEqual([`/srv/shop/releases/${done.report.release}`]);
  });

  test("more starts within ten seconds than systemd allows by itself do not refuse a deploy", async () => {
    const { slot } = await site.status();
    const idle = slot === "blue" ? "green" : "blue";
    await site.root(`for n in 1 2 3 4 5 6 7; do systemctl restart shop-web@${slot}; done`);
    // The gate refuses the idle slot each time; for systemd those are starts, too.
    await site.root(`for n in 1 2 3 4 5 6 7; do systemctl start shop-web@${idle} || true; done`);
    await waitFor(async () => (await site.page()).status === 200, { timeoutMs: 30_000, what: "the page" });
    site.project.version("five");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await number()).toBe("five");
  });

  test("an editable install, which would run another release's source, is refused at its line", async () => {
    const lines = site.project.read("requirements.txt");
    const live = await site.status();
    const count = (await site.show<ReleasesView>("releases")).releases.length;
    site.project.commit({ "requirements.txt": `${lines}-e .\n` });
    const refused = await site.djdeploy("deploy", "production");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/requirements\.txt:\d+/);
    expect(refused.stderr).toContain("-e .");
    expect(await site.status()).toMatchObject({ release: live.release, proven: true, lock: null });
    expect((await site.show<ReleasesView>("releases")).releases).toHaveLength(count);
    site.project.commit({ "requirements.txt": lines });
  });
});
