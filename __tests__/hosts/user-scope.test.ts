import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record } from "../../bench/strategies/record.ts";
import type { BaseName } from "../../lab/base.ts";
import { describeLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { deployed } from "./support/port-site.ts";
import { reached } from "./support/reached.ts";
import { acted, type Site, told } from "./support/site.ts";
import { bootUserHost, place, setUpWithoutRoot, userYml } from "./support/user-site.ts";
import { lostKinds, visitors } from "./support/visitors.ts";

// With DJDEPLOY_BENCH=write (npm run bench:strategies) what was measured is kept for docs/strategies.md.

const doors = {
  nginx: { listen: "socket", nginx: "print", port: 80 },
  port: { listen: "0.0.0.0:8000", nginx: "none", port: 8000 },
} as const;

const worker = "processes:\n  worker: {command: sleep 3600, min-uptime: 500ms}\n";

describe.each<{ base: BaseName; door: keyof typeof doors }>([
  { base: "bookworm", door: "port" },
  { base: "trixie", door: "nginx" },
])("without root on $base, $door", ({ base, door }) => {
  const { port } = doors[door];
  let site: Site;
  beforeAll(async () => {
    site = await bootUserHost(base, userYml(doors[door], worker), port);
  });
  afterAll(() => site?.stop());

  /** Releases that a process of the user works in. */
  const running = async () => {
    const folders = await site.root(`readlink /proc/[0-9]*/cwd | grep ^${place}/releases/ | sort -u`);
    return folders.split("\n").map((path) => path.slice(`${place}/releases/`.length));
  };

  test("setup asks for what only root can do, does all the rest itself, and then finds nothing to do", async () => {
    expect(await setUpWithoutRoot(site)).toEqual([
      "setup.missing-packages: apt-get install python3-venv",
      "setup.no-linger: loginctl enable-linger shop",
    ]);
    const again = acted(await site.djdeploy("setup", "production", "--format", "json"));
    expect(again.report.result, told(again)).toBe("unchanged");
    expect(await site.root("find /etc /usr/local /srv /var/log -name '*shop*' -newer /etc/hostname")).toBe(
      "",
    );
    if (door === "nginx") {
      const shown = again.events.find(({ code }) => code === "setup.site")?.message ?? "";
      await placeSite(site, shown.slice(shown.indexOf("\n") + 1));
    }
  });

  test("deploys and a rollback lose no request, a broken release is never seen, and says why it did not start", async () => {
    await deployed(site);
    expect((await site.page()).body).toContain("version one");
    const load = visitors(site, port);
    site.project.version("two");
    await deployed(site);
    expect((await site.page()).body).toContain("version two");
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    const wsgi = site.project.read("shop/wsgi.py");
    site.project.commit({ "shop/wsgi.py": `${wsgi}\nraise RuntimeError("not today")\n` });
    const failed = await site.act("deploy");
    expect(failed.code, told(failed)).toBe(1);
    expect(failed.report.result).toBe("kept-old");
    expect(JSON.stringify(failed.events)).toContain("RuntimeError: not today");
    site.project.commit({ "shop/wsgi.py": wsgi });
    const seen = await load.stop();
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect(seen.sent).toBeGreaterThan(30);
    expect((await site.page()).body).toContain("version one");
    const now = await site.status();
    expect(now).toMatchObject({ proven: true, processes: [{ name: "worker", release: now.release }] });
    expect(await running()).toEqual([now.release]);
    record({
      ...{ manager: "systemd --user", door, server: "gunicorn" },
      ...{ sent: seen.sent, lost: seen.failed, kinds: lostKinds(seen), slowestMs: seen.slowestMs },
      broken: "red, the old one serves",
      reboot: "the live release, alone",
    });
  });

  test("a runner that is killed right after the switch: the next run mends that and goes on", async () => {
    site.project.version("cut");
    const cut = site.begin("deploy", "production", "--format", "json");
    await reached(cut, "switch", "step.done");
    cut.child.kill("SIGKILL");
    site.project.version("mended");
    const done = await site.act("deploy", "--wait");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain("version mended");
    expect(await site.status()).toMatchObject({ proven: true, lock: null, release: done.report.release });
    expect(await running()).toEqual([done.report.release]);
  });

  test("what it writes can be read, and a plan says what nothing protects", async () => {
    const logs = await site.djdeploy("logs", "production", "--lines", "400");
    expect(logs.code, logs.stderr).toBe(0);
    expect(logs.stdout).toContain("GET /where/");
    const plan = await site.show<{ risks: { message: string }[] }>("plan");
    expect(JSON.stringify(plan.risks)).toContain("nothing but the rights of shop protects");
    await site.root("useradd stranger");
    for (const path of ["", "/run/web.sock", "/current/manage.py"]) {
      const seen = await site.host.root(`runuser -u stranger -- ls ${place}${path}`);
      expect(seen.stderr).toContain("Permission denied");
    }
  });

  test("a user that does not linger any more is no place to deploy to, and no proof holds there", async () => {
    const mark = "/var/lib/systemd/linger/shop";
    await site.root(`mv ${mark} /root/`);
    const refused = await site.act("deploy");
    expect(refused.code, told(refused)).toBe(1);
    expect(JSON.stringify(refused.events)).toContain("host.no-linger");
    expect(await site.status()).toMatchObject({
      proven: false,
      proof: expect.stringContaining("last login"),
    });
    await site.root(`mv /root/shop ${mark}`);
  });

  test("after a reboot the live release serves, alone, though nobody came in", async () => {
    const before = await site.status();
    await site.host.reboot();
    await waitFor(async () => (await site.page("/where/")).status === 200, {
      timeoutMs: 30_000,
      what: "the live release to serve",
    });
    expect(await site.status()).toMatchObject({ proven: true, release: before.release, slot: before.slot });
    expect(await running()).toEqual([before.release]);
  });

  test("a process that is no longer named is ended, and its unit goes", async () => {
    const unit = "/home/shop/.config/systemd/user/shop-worker.service";
    await site.root(`test -e ${unit}`);
    site.project.commit({ "djdeploy.yml": userYml(doors[door]) });
    expect(await setUpWithoutRoot(site)).toEqual([]);
    expect(await site.root(`ls ${unit} 2>/dev/null; pgrep -u shop -x sleep; true`)).toBe("");
  });
});

/** What root does with the site that setup printed. */
async function placeSite(site: Site, text: string): Promise<void> {
  await site.root("apt-get -q -y --no-install-recommends install nginx-light");
  const file = "/etc/nginx/sites-enabled/shop";
  await site.host.root(`rm /etc/nginx/sites-enabled/default; cat >${file}`, { input: text });
  await site.root("nginx -t && systemctl restart nginx");
}
