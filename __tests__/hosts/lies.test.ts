import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { type Site, startSite, told } from "./support/site.ts";

const other = (slot: string | null) => (slot === "blue" ? "green" : "blue");

/** A host on which links, processes and manifests were set against each other by hand, one way after the other. */
describe("what a host says of itself against what runs", () => {
  let site: Site;
  let first: string;
  beforeAll(async () => {
    site = await startSite("systemd", { more: "health: {deadline: 10s, request-timeout: 2s}\n" });
    first = (await site.status()).release ?? "";
    site.project.version("two");
    await deploys();
  });
  afterAll(() => site?.stop());
  // Whatever was done, the run after it left nothing of it.
  afterEach(async () => {
    const quiet = await site.djdeploy("status", "production");
    expect(quiet.code, quiet.stdout).toBe(0);
    expect(quiet.stdout).toContain(", proven");
    const there = await footprint(site);
    expect(there).toMatchObject({ running: [there.live], slots: [expect.anything()], temporary: [] });
  });

  async function deploys(...argv: string[]) {
    const done = await site.act("deploy", ...argv);
    expect(done.code, told(done)).toBe(0);
    return done;
  }

  /** `status` ends with 1 and says so, with what to do; `plan` says the same. */
  async function seen(...words: string[]): Promise<void> {
    const status = await site.djdeploy("status", "production");
    expect(status.code, status.stdout).toBe(1);
    expect(status.stdout).toContain("not proven");
    expect(status.stdout).toContain("what to do: djdeploy ");
    const plan = await site.djdeploy("plan", "production");
    expect(plan.code, plan.stderr).toBe(0);
    for (const text of words) {
      expect(status.stdout).toContain(text);
      expect(plan.stdout).toContain(text);
    }
  }

  const restarted = (slot: string) =>
    waitFor(async () => (await site.page()).status === 200, { timeoutMs: 30_000, what: `slot ${slot}` });

  test("old code restarted by hand, and every link turned to it", async () => {
    const { release, slot } = await site.status();
    await site.root(`
      cd /srv/shop
      ln -sfn ../releases/${first} slots/${slot} && ln -sfn ../releases/${first} slots/current
      systemctl restart shop-web@${slot}`);
    await restarted(slot ?? "");
    expect((await site.page()).body).toContain("version one");
    await seen(
      `${first} runs, which was live before; the last run made ${release} live: somebody started the old code by hand`,
    );
    expect(await site.status()).toMatchObject({ proven: false, release: first });
    const done = await deploys();
    expect(done.report.result).toBe("deployed");
    expect(told(done)).toContain("somebody started the old code by hand");
    expect((await site.page()).body).toContain("version two");
  });

  test("run/web.sock is gone: the next run puts it back first, even one that fails later", async () => {
    const { slot, release } = await site.status();
    await site.root("rm /srv/shop/run/web.sock");
    expect((await site.page()).status).toBe(502);
    await seen(`run/web.sock, through which visitors come, is gone: slot ${slot} runs ${release}`);
    const wsgi = site.project.read("shop/wsgi.py");
    site.project.commit({ "shop/wsgi.py": `import nowhere\n${wsgi}` });
    const failed = await site.act("deploy");
    expect(failed.code).toBe(1);
    expect(failed.report).toMatchObject({ result: "kept-old", release });
    expect((await site.page()).body).toContain("version two");
    site.project.commit({ "shop/wsgi.py": wsgi });
  });

  test("run/web.sock leads to a slot where nothing runs; the same code is not called unchanged over it", async () => {
    const { slot } = await site.status();
    await site.root(`ln -sfn ${other(slot)}.sock /srv/shop/run/web.sock`);
    await seen(`run/web.sock, through which visitors come, names ${other(slot)}.sock`);
    await deploys();
    expect((await site.page()).body).toContain("version two");
  });

  test("run/web.sock written out in full: visitors come through, a reboot would start nothing", async () => {
    const { slot } = await site.status();
    await site.root(`ln -sfn /srv/shop/run/${slot}.sock /srv/shop/run/web.sock`);
    expect((await site.page()).status).toBe(200);
    await seen("nothing would start after a reboot");
    expect((await deploys()).report.result).toBe("unchanged");
    expect(await site.root("readlink /srv/shop/run/web.sock")).toBe(`${slot}.sock`);
  });

  test("current and a slot's link turned to older code that does not run: a rollback mends them first", async () => {
    const { slot, release } = await site.status();
    await site.root(`
      cd /srv/shop && ln -sfn ../releases/${first} slots/${slot} && ln -sfn ../releases/${first} slots/current`);
    await seen(
      `slots/${slot} names ${first}, but what runs there is ${release}`,
      `current names ${first}: bin/manage, and with it cron, runs other code than visitors get`,
    );
    const back = await site.act("rollback", "--to", first);
    expect(back.code, told(back)).toBe(0);
    expect(back.report).toMatchObject({ result: "rolled-back", previousRelease: release });
    expect((await site.page()).body).toContain("version one");
    await deploys();
  });

  test("workers of an older release outside of every service are ended, also where there is nothing to deploy", async () => {
    const { slot } = await site.status();
    const idle = other(slot);
    await site.root(
      `su shop -s /bin/sh -c 'cd /srv/shop; setsid releases/${first}/.djdeploy/launch ${idle} >/dev/null 2>&1 &'`,
    );
    await waitFor(async () => (await site.host.root(`test -S /srv/shop/sockets/${idle}.sock`)).code === 0, {
      timeoutMs: 30_000,
      what: "the old release by hand",
    });
    await seen(`of ${first} still run, outside of every service`);
    const done = await deploys();
    expect(done.report.result).toBe("unchanged");
    expect(told(done)).toContain("ran outside of every service and were ended");
    await site.root(`rm -f /srv/shop/sockets/${idle}.sock`);
  });

  test("new code with old packages: a launch.json that was edited, and a restart", async () => {
    const { slot, release } = await site.status();
    const venv = await site.root("ls /srv/shop/venvs");
    await site.root(`
      cd /srv/shop && cp -a venvs/${venv} venvs/older
      sed -i 's/"${venv}"/"older"/' releases/${release}/.djdeploy/launch.json
      systemctl restart shop-web@${slot}`);
    await restarted(slot ?? "");
    await seen(`it runs with the packages of venvs/older, and was made with venvs/${venv}`);
    const done = await deploys();
    expect(done.report.result).toBe("deployed");
    expect(told(done)).toContain("could not be proven");
  });

  test("nginx leads to another release", async () => {
    const { slot } = await site.status();
    const idle = other(slot);
    const turn = (from: string, to: string) =>
      site.root(
        `sed -i 's|run/${from}.sock|run/${to}.sock|' /etc/nginx/sites-available/shop; nginx -s reload`,
      );
    await site.root(`
      ln -sfn ../releases/${first} /srv/shop/slots/${idle}
      ln -sfn ../sockets/${idle}.sock /srv/shop/run/${idle}.sock
      cat /proc/sys/kernel/random/boot_id > /srv/shop/run/${idle}.boot
      systemctl start shop-web@${idle}`);
    await turn("web", idle);
    await waitFor(async () => (await site.page()).body.includes("version one"), {
      timeoutMs: 30_000,
      what: "the wrong page",
    });
    await seen(
      `http://127.0.0.1:80 does not show it: the answer came from ${first}`,
      `slot ${idle} runs ${first} beside it`,
      "its site must pass to run/web.sock: djdeploy setup production --dry-run shows the difference",
    );
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(1);
    expect(back.report.result).toBe("kept-old");
    expect(told(back)).toContain("does not lead to the live release");
    expect((await site.page()).body).toContain("version one");
    const error = back.events.find((event) => event.code === "error");
    expect(error?.data).toMatchObject({ error: "front.elsewhere" });
    site.project.version("never live");
    const failed = await site.act("deploy");
    expect(failed.code, told(failed)).toBe(1);
    expect(failed.report.result).toBe("kept-old");
    expect(told(failed)).toContain("does not lead to the live release");
    expect((await site.page()).body).toContain("version one");
    site.project.git("reset", "--quiet", "--hard", "HEAD^");
    await turn(idle, "web");
    expect((await deploys()).report.result).toBe("unchanged");
  });
});
