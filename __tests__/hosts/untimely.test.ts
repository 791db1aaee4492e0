import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { arrival, goOn, holdAt, withMoments } from "./support/moments.ts";
import { reached } from "./support/reached.ts";
import { type Acted, acted, type Site, startSite, told } from "./support/site.ts";

const migration = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL("create table more (n int)")]
`;

/** Each moment of a release at which nothing can be written any more, and the step that notices. */
const cases: { step: string; moment: string; files?: Record<string, string> }[] = [
  { step: "environment", moment: "front" },
  { step: "check", moment: "djd_inspect.py" },
  { step: "collectstatic", moment: "collectstatic" },
  { step: "backup", moment: "private", files: { "shop/migrations/0002_more.py": migration } },
  { step: "migrate", moment: "migrate", files: { "shop/migrations/0002_more.py": migration } },
  { step: "switch", moment: "private" },
];

/** Text that does not get smaller on its way. */
const noise = (bytes: number) => randomBytes((bytes * 3) / 4).toString("base64");

const room = "size=600m,nr_inodes=60000";
/** What is used now is all there is. */
const full = {
  bytes: "size=$(df -k --output=used /srv/shop | tail -1 | tr -d ' ')k",
  inodes: "nr_inodes=$(df --output=iused /srv/shop | tail -1 | tr -d ' ')",
};
const fill = (kind: keyof typeof full) => `mount -o remount,${full[kind]} /srv/shop`;
const leave = {
  bytes: (kilobytes: number) =>
    `mount -o remount,size=$(($(df -k --output=used /srv/shop | tail -1) + ${kilobytes}))k /srv/shop`,
  inodes: (count: number) =>
    `mount -o remount,nr_inodes=$(($(df --output=iused /srv/shop | tail -1) + ${count})) /srv/shop`,
};

/** What happens to a host while a release is on its way; the application lies on a file system of its own. */
describe("at a bad moment", () => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite("systemd", {
      more: "health: {deadline: 120s, request-timeout: 60s}\n",
      args: ["--timeout", "90"],
    });
    const { slot } = await site.status();
    await site.root(`
      systemctl stop shop-web@${slot}
      cp -a /srv/shop /root/shop && mount -t tmpfs -o ${room} tmpfs /srv/shop && cp -aT /root/shop /srv/shop
      systemctl start shop-web@${slot}`);
    await waitFor(async () => (await site.page()).status === 200, { timeoutMs: 30_000, what: "the shop" });
    site.project.commit(withMoments(site.project.read));
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    await site.root(`mount -o remount,${room} /srv/shop`);
    site.project.git("reset", "-q", "--hard", good);
    expect((await site.page()).body).toContain("version one");
    expect(await site.status()).toMatchObject({ proven: true, state: "live", lock: null });
  });

  /** A deploy that is held up at a moment while root does something. */
  async function meanwhile(moment: string, command: string): Promise<Acted> {
    await holdAt(site, moment);
    const running = site.begin("deploy", "production", "--format", "json");
    await arrival(site, moment, running);
    await site.root(`${command}\n${goOn(moment)}`);
    return acted(await running.ended);
  }

  const errorsOf = (done: Acted) => done.events.filter((event) => event.code === "error");

  describe.each(["bytes", "inodes"] as const)("no %s are left", (kind) => {
    test.each(cases)("$step: red, one error with what to do, the old release serves", async (one) => {
      site.project.version("two");
      if (one.files) site.project.commit(one.files);
      const before = await site.status();
      const done = await meanwhile(one.moment, fill(kind));
      expect(done.code, told(done)).toBe(1);
      expect(done.report.result, told(done)).toBe("kept-old");
      expect(errorsOf(done), told(done)).toHaveLength(1);
      expect(errorsOf(done)[0]).toMatchObject({ step: one.step });
      expect(String(errorsOf(done)[0]?.data?.["hint"])).toMatch(/df -h, df -i/);
      // Still without any room:
      expect((await site.page()).body).toContain("version one");
      expect(await site.status()).toMatchObject({ release: before.release, proven: true, lock: null });
    });

    test("it is live already: that is what is said, and the next run writes it down", async () => {
      const word = `live_without_${kind}`;
      site.project.commit({
        "shop/version.py": `NUMBER = "${word}"\n`,
        // Only the new one waits when it is proven.
        "shop/views.py": site.project.read("shop/views.py").replace('else "front"', `else "${word}"`),
      });
      const done = await meanwhile(word, fill(kind));
      expect(done.code, told(done)).toBe(0);
      expect(done.report.result).toBe("deployed");
      expect(told(done)).toMatch(/is live, and that could not be written down .*df -h, df -i/);
      expect(errorsOf(done)).toEqual([]);
      expect((await site.page()).body).toContain(`version ${word}`);
      expect(await site.status()).toMatchObject({ release: done.report.release, proven: true, lock: null });
      await site.root(`mount -o remount,${room} /srv/shop`);
      const again = await site.act("deploy");
      expect(again.code, told(again)).toBe(0);
      expect(again.report).toMatchObject({ result: "unchanged", release: done.report.release });
      // And the next good deploy works; an older commit needs its reason.
      site.project.git("reset", "-q", "--hard", good);
      const older = await site.act("deploy");
      expect(older.code, told(older)).toBe(7);
      expect(older.report.result).toBe("refused");
      const back = await site.act("deploy", "--force", "the one before is wanted");
      expect(back.code, told(back)).toBe(0);
      expect(await site.root("tail -1 /srv/shop/.djdeploy/audit.jsonl")).toContain(
        "the one before is wanted",
      );
    });
  });

  const large = () => ({ "large.txt": noise(5_000_000) });
  const many = () => Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many/${n}.txt`, `${n}\n`]));
  const another = () => ({ "requirements.txt": `${site.project.read("requirements.txt")}pytz==2025.2\n` });

  test.each([
    { step: "upload", left: "bytes", count: 1500, files: large },
    { step: "upload", left: "inodes", count: 200, files: many },
    { step: "venv", left: "bytes", count: 3000, files: another },
    { step: "venv", left: "inodes", count: 300, files: another },
  ] as const)("$step: the $left that are left are not enough", async ({ step, left, count, files }) => {
    site.project.commit(files());
    const done = await meanwhile("front", leave[left](count));
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result, told(done)).toBe("kept-old");
    expect(errorsOf(done)[0], told(done)).toMatchObject({ step });
    expect(JSON.stringify(errorsOf(done))).toMatch(/No space left on device/);
  });

  test("two deploys at once: the second is told who is there, one that waits comes after", async () => {
    site.project.commit({ "README.md": "Nothing of the code\n" });
    await holdAt(site, "private");
    const first = site.begin("deploy", "production", "--format", "json");
    await arrival(site, "private", first);
    const second = await site.djdeploy("deploy", "production");
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/web1 is locked by \S+ \(deploy of [0-9a-f]{7}\), for \d+ s/);
    expect(second.stderr).toContain("--wait");
    expect(second.stderr).toContain("\nlocked: ");
    const third = site.begin("deploy", "production", "--format", "json", "--wait");
    await waitFor(() => third.stdout().includes("waiting for the lock"), {
      timeoutMs: 60_000,
      what: "the third to wait",
    });
    await site.root(goOn("private"));
    const [one, three] = [acted(await first.ended), acted(await third.ended)];
    expect(one.report.result, told(one)).toBe("deployed");
    expect(three.report, told(three)).toMatchObject({ result: "unchanged", release: one.report.release });
    expect(told(three)).toMatch(/waiting for the lock: \S+ holds it \(deploy\)/);
    good = site.project.git("rev-parse", "HEAD");
  });

  test("nginx is turned elsewhere before the switch: red, and what serves is said", async () => {
    const turn = (from: string, to: string, status: number) => `
      sed -i 's|run/${from}.sock|run/${to}.sock|' /etc/nginx/sites-available/shop && nginx -s reload
      for n in $(seq 100); do
        curl -s -o /dev/null -w '%{http_code}' -H 'Host: shop.example.com' http://127.0.0.1/ | grep -q ${status} && break
        sleep 0.1
      done`;
    site.project.version("two");
    const patient = site.project.read("djdeploy.yml");
    site.project.commit({ "djdeploy.yml": patient.replace("deadline: 120s", "deadline: 30s") });
    const before = await site.status();
    const done = await meanwhile("private", turn("web", "no", 502));
    try {
      expect(done.code, told(done)).toBe(8);
      expect(done.report.result).toBe("partial");
      expect(errorsOf(done), told(done)).toHaveLength(1);
      expect(told(done)).toMatch(/answered 502/);
      const status = await site.djdeploy("status", "production");
      expect(status.code).toBe(1);
      expect(status.stdout).toContain("its site must pass to run/web.sock");
      expect(await site.status()).toMatchObject({ release: before.release, proven: false, lock: null });
    } finally {
      await site.root(turn("no", "web", 200));
    }
    site.project.git("reset", "-q", "--hard", good);
    expect((await site.act("deploy")).report.result).toBe("unchanged");
  });

  test("the new release dies for good while the old one still ends: the old one is started again", async () => {
    const wsgi = site.project.read("shop/wsgi.py");
    const { slot } = await site.status();
    const idle = slot === "blue" ? "green" : "blue";
    site.project.version("two");
    site.project.commit({
      "shop/wsgi.py": `import os\n\nassert not os.path.exists("/srv/shop/shared/dead")\n${wsgi}`,
    });
    await holdAt(site, "hold");
    const visitor = site.page("/hold/");
    await arrival(site, "hold");
    const running = site.begin("deploy", "production", "--format", "json");
    await reached(running, "stop-old");
    await site.root(`
      touch /srv/shop/shared/dead
      systemctl kill -s KILL shop-web@${idle}
      ${goOn("hold")}`);
    const done = acted(await running.ended);
    await site.root("rm /srv/shop/shared/dead");
    expect(JSON.parse((await visitor).body)).toEqual({ version: "one" });
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result, told(done)).toBe("reverted");
    expect(errorsOf(done)[0]?.data).toMatchObject({ error: "proof.failed" });
  });
});
