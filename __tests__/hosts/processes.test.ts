import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { type Manager, type Site, shopYml, startSite, told } from "./support/site.ts";
import { ticker, ticks } from "./support/ticker.ts";

const processes = (more = "") => `processes:
  worker: {command: python -m shop.ticker, min-uptime: 1s, stop-timeout: 10s}
${more}`;

describe.each<Manager>(["systemd", "supervisord"])("another process under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager, { more: processes() });
    site.project.commit({ "shop/ticker.py": ticker });
  });
  afterAll(() => site?.stop());

  const setup = () => site.setup().ended;
  const deploy = async (word: string) => {
    site.project.version(word);
    return await site.act("deploy");
  };
  const seen = async () => (await site.root(`cat ${ticks}`)).split("\n").map((line) => line.split(" "));

  test("a host that was not set up for it says so, and nothing changes", async () => {
    const done = await deploy("one_and_a_half");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("kept-old");
    expect(told(done)).toContain("web1 was not set up for the process worker");
    expect(JSON.stringify(done.events)).toContain("process.not-set-up");
    expect((await site.page()).body).toContain("version one");
    const done2 = await setup();
    expect(done2.code, done2.stdout + done2.stderr).toBe(0);
    expect((await setup()).stdout).toContain("nothing had to be changed");
  });

  test("it runs the release, ends in order before the next one's starts, and goes back with a rollback", async () => {
    for (const word of ["two", "three"]) {
      const done = await deploy(word);
      expect(done.code, told(done)).toBe(0);
    }
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    const rows = await seen();
    expect(rows.map(([what, version]) => `${what} ${version}`)).toEqual([
      "start two",
      "end two",
      "start three",
      "end three",
      "start two",
    ]);
    const status = await site.status();
    expect(status).toMatchObject({
      proven: true,
      release: back.report.release,
      processes: [{ name: "worker", release: back.report.release, pid: Number(rows.at(-1)?.[2]) }],
    });
    expect((await site.act("deploy", "--revision", "HEAD~1")).report.result).toBe("unchanged");
  });

  test("one that does not stay up keeps the old release, web and worker", async () => {
    site.project.commit({ "shop/ticker.py": `import nowhere\n${ticker}` });
    const done = await deploy("four");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("kept-old");
    expect(told(done)).toContain("worker of the release does not run on web1");
    expect(JSON.stringify(done.events)).toContain("No module named 'nowhere'");
    expect(JSON.stringify(done.events)).toContain("process.failed");
    expect((await site.page()).body).toContain("version two");
    const last = (await seen()).at(-1);
    expect(last?.slice(0, 2)).toEqual(["start", "two"]);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
    site.project.commit({ "shop/ticker.py": ticker });
  });

  test("one that ends behind its min-uptime, and again and again, is no success", async () => {
    site.project.commit({
      "djdeploy.yml": shopYml(manager, `${processes()}drain: {min: 5s}\n`),
      "shop/ticker.py": `import os, threading\nthreading.Timer(3, os._exit, [3]).start()\n${ticker}`,
    });
    const done = await deploy("dying");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("reverted");
    expect(told(done)).toMatch(/worker/);
    expect(JSON.stringify(done.events)).toContain("process.failed");
    expect((await site.page()).body).toContain("version two");
    expect((await seen()).at(-1)?.slice(0, 2)).toEqual(["start", "two"]);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
    site.project.commit({ "djdeploy.yml": shopYml(manager, processes()), "shop/ticker.py": ticker });
  });

  test("one that somebody starts from an older release is told, and a deploy of the same code mends it", async () => {
    const good = await deploy("five");
    expect(good.code, told(good)).toBe(0);
    const start =
      manager === "systemd" ? "systemctl restart shop-worker" : "supervisorctl restart shop-worker";
    await site.root(
      `cd /srv/shop; ln -sfn ../releases/$(ls releases | grep -v ${good.report.release} | head -1) slots/worker; ${start}`,
    );
    await waitFor(
      async () => (await seen()).at(-1)?.[1] === "one" || (await site.status()).proven === false,
      {
        timeoutMs: 20_000,
        what: "the older worker",
      },
    );
    expect((await site.status()).proof).toContain("worker");
    const mended = await site.act("deploy");
    expect(mended.code, told(mended)).toBe(0);
    expect(await site.status()).toMatchObject({ proven: true, release: mended.report.release });
    expect((await site.djdeploy("logs", "production", "worker")).code).toBe(0);
    expect((await site.djdeploy("logs", "production", "nobody")).code).toBe(2);
  });

  const command = (text: string) =>
    shopYml(
      manager,
      `processes:\n  worker: {command: ${JSON.stringify(text)}, min-uptime: 1s, stop-timeout: 10s}\n`,
    );

  test("whatever its command holds, a stop reaches what works, and nothing of it stays", async () => {
    const before = (await seen()).length;
    for (const [word, text] of [
      ["six", "python -m shop.ticker 'a|b;c' 2>&1"],
      ["seven", "cd . && python -m shop.ticker | cat"],
      ["eight", "python -m shop.ticker 2>&1"],
    ] as const) {
      site.project.commit({ "djdeploy.yml": command(text) });
      const done = await deploy(word);
      expect(done.code, told(done)).toBe(0);
    }
    expect((await seen()).slice(before).map(([what, version]) => `${what} ${version}`)).toEqual([
      "end five",
      "start six",
      "end six",
      "start seven",
      "end seven",
      "start eight",
    ]);
    expect(await site.root("pgrep -u shop -fc 'shop.ticker'")).toBe("1");
  });

  test("a site with a shell in front, and with what such a shell left, heals with the next deploy", async () => {
    const start =
      manager === "systemd" ? "systemctl restart shop-worker" : "supervisorctl restart shop-worker";
    // As the launcher of older versions did.
    await site.root(
      `cat > /srv/shop/slots/worker/.djdeploy/djd_process.py <<'END'\ndef argv(command, own):\n    return ["/bin/sh", "-c", "true; " + command + "; true"]\nEND\n${start}; sleep 1; ${start}`,
    );
    const before = (await seen()).length;
    const done = await deploy("nine");
    expect(done.code, told(done)).toBe(0);
    const rows = (await seen()).slice(before - 1).map(([what, version]) => `${what} ${version}`);
    expect(rows).toContain("end eight");
    expect(rows.at(-1)).toBe("start nine");
    expect(await site.root("pgrep -u shop -fc 'shop.ticker'")).toBe("1");
    expect(await site.status()).toMatchObject({ proven: true });
  });

  test("after a reboot the live release's runs, once", async () => {
    await site.host.reboot();
    await waitFor(async () => (await site.status().catch(() => null))?.proven === true, {
      timeoutMs: 60_000,
      what: "the release after the reboot",
    });
    expect(await site.root("pgrep -u shop -fc 'shop.ticker'")).toBe("1");
  });

  test("taken out of the configuration it ends, and setup takes its unit away", async () => {
    site.project.commit({ "djdeploy.yml": shopYml(manager) });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await site.root("pgrep -u shop -fc 'shop.ticker' || true")).toBe("0");
    expect(await site.status()).toMatchObject({ proven: true, processes: [] });
    const again = await setup();
    expect(again.code, again.stdout + again.stderr).toBe(0);
    const left = await site.root("ls /etc/systemd/system /etc/supervisor/conf.d | grep -c worker || true");
    expect(left).toBe("0");
  });
});
