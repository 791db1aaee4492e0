import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { reached } from "./support/reached.ts";
import { acted, type Manager, type Site, startSite, told } from "./support/site.ts";

/** A line that slows Django's start, so that a step can be caught in the act. */
const sleepIn = (verb: string, seconds: number) =>
  `import sys, time\nif ${JSON.stringify(verb)} in sys.argv[0] + " ".join(sys.argv): time.sleep(${seconds})\n`;

const migration = (number: string, seconds: number) => `from django.db import migrations
import time

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(lambda *_: time.sleep(${seconds}), migrations.RunPython.noop)]
    # ${number}
`;

const deploying = (site: Site) => site.begin("deploy", "production", "--format", "json");

/** The lock as the next run would find it. */
const locked = async (site: Site) => (await site.status()).lock !== null;

/** The next deploy works, and nothing of the interrupted one is left. */
async function recovers(site: Site, word: string): Promise<void> {
  site.project.version(word);
  const done = await site.act("deploy", "--wait");
  expect(done.code, told(done)).toBe(0);
  expect((await site.page()).body).toContain(`version ${word}`);
  const there = await footprint(site);
  expect(there).toMatchObject({ running: [there.live], temporary: [], lock: false });
  expect(there.slots).toHaveLength(1);
  expect(await site.status()).toMatchObject({ proven: true, state: "live" });
}

describe("a deploy that is cut off in a step", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("systemd");
  });
  afterAll(() => site?.stop());

  test("the runner is killed while the requirements are installed: the next run waits for the step, and takes over", async () => {
    site.project.commit({ "requirements.txt": `${site.project.read("requirements.txt")}asgiref>=3\n` });
    const running = deploying(site);
    await reached(running, "venv");
    await waitFor(() => site.root("ls /srv/shop/venvs | wc -l | grep -v '^1$'"), {
      timeoutMs: 30_000,
      what: "the new environment to appear",
    });
    running.child.kill("SIGKILL");
    expect(await locked(site)).toBe(true);
    const other = await site.act("deploy");
    expect(other.code, told(other)).toBe(0);
    expect(told(other)).toContain("is gone; its step venv ends within");
    expect(await site.status()).toMatchObject({ release: other.report.release, lock: null });
    await recovers(site, "installed");
  });

  test("the runner is killed while it migrates: the migration ends, the old release serves", async () => {
    site.project.commit({ "shop/migrations/0002_slow.py": migration("0002", 4) });
    const running = deploying(site);
    await reached(running, "migrate");
    await waitFor(() => site.root("pgrep -u shop -f 'manage(.py)? migrate|migrate --noinput'"), {
      timeoutMs: 30_000,
      what: "migrate to run",
    });
    running.child.kill("SIGKILL");
    expect(await locked(site)).toBe(true);
    expect((await site.page()).body).toContain("version installed");
    await waitFor(async () => !(await locked(site)), { timeoutMs: 60_000, what: "the lock to be free" });
    await recovers(site, "migrated");
  });

  test("the cable is pulled during a step: the run attaches to it again and ends well", async () => {
    site.project.commit({
      "shop/migrations/0003_slow.py": migration("0003", 12).replace("0001_initial", "0002_slow"),
    });
    const running = deploying(site);
    await reached(running, "migrate");
    await site.host.cable("down");
    await waitFor(() => running.stdout().includes("connection lost"), {
      timeoutMs: 60_000,
      what: "the runner to miss the host",
    });
    await site.host.cable("up");
    const done = acted(await running.ended);
    expect(done.code, told(done)).toBe(0);
    expect(done.events.some((event) => event.message.includes("connection lost"))).toBe(true);
    expect(await site.status()).toMatchObject({ proven: true, lock: null, release: done.report.release });
  });
});

describe.each<Manager>(["systemd", "supervisord"])("a deploy that is cut off under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager);
  });
  afterAll(() => site?.stop());

  test("the runner is killed during the boot: the lock is free at once", async () => {
    site.project.commit({ "shop/wsgi.py": `${sleepIn("gunicorn", 6)}${site.project.read("shop/wsgi.py")}` });
    const running = deploying(site);
    await reached(running, "boot");
    await waitFor(async () => (await footprint(site)).running.length === 2, {
      timeoutMs: 30_000,
      what: "the new release to start",
    });
    running.child.kill("SIGKILL");
    await waitFor(async () => !(await locked(site)), { timeoutMs: 10_000, what: "the lock to be free" });
    expect((await site.page()).body).toContain("version one");
    site.project.git("revert", "--no-edit", "HEAD");
    await recovers(site, "booted");
  });

  test("the runner is killed right after the switch: the next deploy proves what serves and goes on", async () => {
    site.project.version("switched");
    const running = deploying(site);
    await reached(running, "switch", "step.done");
    running.child.kill("SIGKILL");
    await waitFor(async () => !(await locked(site)), { timeoutMs: 10_000, what: "the lock to be free" });
    expect((await site.page()).body).toContain("version switched");
    await recovers(site, "proven");
  });

  test("the host crashes in the middle: the old release comes back with it, and the next deploy works", async () => {
    site.project.commit({ "shop/wsgi.py": `${sleepIn("gunicorn", 20)}${site.project.read("shop/wsgi.py")}` });
    const before = await site.status();
    const running = deploying(site);
    await reached(running, "boot");
    await waitFor(async () => (await footprint(site)).running.length === 2, {
      timeoutMs: 30_000,
      what: "the new release to start",
    });
    await site.host.crash();
    running.child.kill("SIGKILL");
    await running.ended;
    await site.host.start();
    await waitFor(async () => (await site.page()).status === 200, {
      timeoutMs: 30_000,
      what: "the old release",
    });
    expect(await site.status()).toMatchObject({ release: before.release, lock: null, proven: true });
    expect((await footprint(site)).running).toEqual([before.release]);
    site.project.git("revert", "--no-edit", "HEAD");
    await recovers(site, "again");
  });
});
