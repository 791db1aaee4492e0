import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limitMemory, processOf } from "../../lab/cgroup.ts";
import { waitFor } from "../../lab/wait.ts";
import type { PlanView } from "../../src/release/types.ts";
import { acted, type Site, shopYml, startSite, told } from "./support/site.ts";

describe("a host that is short of memory", () => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());

  const errorOf = (done: Awaited<ReturnType<Site["act"]>>) =>
    done.events.find((event) => event.code === "error");

  /** `nice oom_score_adj autogroup`, as the host sees a process. */
  const rank = (pid: string) =>
    site.root(
      `echo $(ps -o ni= -p ${pid}) $(cat /proc/${pid}/oom_score_adj) $(sed 's/.*nice //' /proc/${pid}/autogroup)`,
    );

  test("a step gives way to what serves, and is the first to go: red, said, and the old release serves", async () => {
    // Collects until somebody lets it go on, and then takes half a gigabyte.
    site.project.commit({
      "shop/storage.py": `import os, time
from whitenoise.storage import CompressedManifestStaticFilesStorage

class Storage(CompressedManifestStaticFilesStorage):
    def post_process(self, *args, **options):
        open("/srv/shop/shared/waiting", "w").write(str(os.getpid()))
        while not os.path.exists("/srv/shop/shared/go"):
            time.sleep(0.05)
        hog = [b"x" * 2**20 + bytes([n % 256]) for n in range(500)]
        yield from super().post_process(*args, **options)
`,
      "shop/production.py": site.project
        .read("shop/production.py")
        .replace("whitenoise.storage.CompressedManifestStaticFilesStorage", "shop.storage.Storage"),
    });
    const deploy = site.begin("deploy", "production", "--format", "json", "--skip-lint");
    const step = await waitFor(() => site.root("cat /srv/shop/shared/waiting 2>/dev/null || true"), {
      timeoutMs: 120_000,
      what: "collectstatic to run",
    });
    const web = await site.root(
      "systemctl show -p MainPID --value shop-web@blue shop-web@green | grep -vx 0",
    );
    const workers = (await site.root(`pgrep -P ${web.trim()}`)).split("\n");
    expect(await rank(step)).toBe("10 1000 10");
    expect(await site.root(`ionice -p ${step}`)).toBe("best-effort: prio 7");
    // The first of its parents that is the deploying user's.
    const wrapper = await site.root(`pid=${step}
      until [ "$(ps -o euid= -p $pid | tr -d ' ')" = "$(id -u shop_deploy)" ]; do pid=$(ps -o ppid= -p $pid | tr -d ' '); done
      echo $pid`);
    expect(await site.root(`cat /proc/${wrapper}/oom_score_adj`)).toBe("0");
    for (const pid of [web.trim(), ...workers]) expect(await rank(pid)).toBe("0 0 0");

    const number = Number(site.host.address.split(".")[2]);
    const release = limitMemory(processOf(number, "djd_inspect.py"), 100 * 2 ** 20);
    await site.root("touch /srv/shop/shared/go");
    const done = acted(await deploy.ended);
    release();
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("kept-old");
    expect(errorOf(done)).toMatchObject({
      message: expect.stringContaining("it was killed (out of memory?)"),
      data: { error: "collectstatic.failed", hint: expect.stringContaining("some swap") },
    });
    expect((await site.page()).body).toContain("version one");
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
    site.project.git("reset", "-q", "--hard", good);
  });

  /** What the kernel says is free, in MiB. */
  const free = (mb: number) =>
    site.root(`
      umount /proc/meminfo 2>/dev/null
      sed 's/^MemAvailable:.*/MemAvailable: ${mb * 1024} kB/; s/^SwapFree:.*/SwapFree: 0 kB/' /proc/meminfo >/root/meminfo
      mount --bind /root/meminfo /proc/meminfo`);

  test("too little for two slots: refused with both figures before anything is touched, or forced", async () => {
    site.project.version("two");
    await free(20);
    const refused = await site.act("deploy");
    expect(refused.code, told(refused)).toBe(1);
    expect(refused.report.result).toBe("kept-old");
    expect(errorOf(refused)?.data).toMatchObject({
      error: "host.memory",
      expected: expect.stringMatching(/^about \d+ MiB for the new release with 2 workers/),
      seen: "20 MiB free",
    });
    expect(refused.events.some((event) => event.step === "upload")).toBe(false);
    const { risks } = await site.show<PlanView>("plan");
    expect(risks).toContainEqual(
      expect.objectContaining({ level: "error", message: expect.stringMatching(/MiB/) }),
    );

    // `auto` takes what fits: less than two workers here.
    const needed = Number(/about (\d+)/.exec(String(errorOf(refused)?.data?.["expected"]))?.[1]);
    await free(needed - 5);
    site.project.commit({ "djdeploy.yml": shopYml("systemd").replace(", workers: 2", "") });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await site.status()).toMatchObject({ proven: true, workers: 1, release: done.report.release });

    await free(20);
    site.project.version("three");
    const forced = await site.act("deploy", "--force", "the figure is wrong");
    expect(forced.code, told(forced)).toBe(0);
    expect(forced.events).toContainEqual(
      expect.objectContaining({
        level: "warning",
        message: expect.stringMatching(/too short, forced: .*20 MiB free/),
      }),
    );

    // It may be the release that eats the memory: going back is never refused for that.
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    expect(back.events).toContainEqual(
      expect.objectContaining({
        level: "warning",
        message: expect.stringMatching(
          /memory is short, going back all the same: about \d+ MiB .*20 MiB free/,
        ),
      }),
    );
    expect(await site.status()).toMatchObject({ proven: true, release: done.report.release });
  });
});
