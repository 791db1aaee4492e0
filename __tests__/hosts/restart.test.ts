import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { bootPortSite, deployed } from "./support/port-site.ts";
import { type Manager, type Site, told } from "./support/site.ts";

describe.each<Manager>(["systemd", "supervisord"])("strategy: restart under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await bootPortSite({ manager, port: 8000, server: ["strategy: restart"] });
  });
  afterAll(() => site?.stop());

  const load = () =>
    startLoad({
      url: `http://${site.host.address}:8000/where/`,
      headers: { host: "shop.example.com" },
      clients: 2,
      pauseMs: 20,
    });

  const expectAlone = async () => {
    const there = await footprint(site);
    const slot = there.slots[0] ?? "";
    expect(there).toMatchObject({ slots: [slot], run: [`${slot}.boot`, "web.sock"], running: [there.live] });
    expect(await site.status()).toMatchObject({ proven: true, release: there.live, slot });
    return there;
  };

  test("a deploy and a rollback are refused connections while they start, and nothing else", async () => {
    await deployed(site);
    const visitors = load();
    site.project.version("two");
    await deployed(site);
    expect((await site.page()).body).toContain("version two");
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    expect((await site.page()).body).toContain("version one");
    const result = await visitors.stop();
    const { refused = 0, reset = 0, ok = 0 } = result.kinds;
    expect(refused + reset + ok, describeLoad(result)).toBe(result.sent);
    expect(refused).toBeGreaterThan(0);
    await expectAlone();
  });

  test("a release that does not start never ends the old one", async () => {
    const before = await footprint(site);
    const wsgi = site.project.read("shop/wsgi.py");
    site.project.commit({ "shop/wsgi.py": `${wsgi}\nraise RuntimeError("not today")\n` });
    const visitors = load();
    const failed = await site.act("deploy");
    expect(failed.code, told(failed)).toBe(1);
    expect(failed.report.result).toBe("kept-old");
    const result = await visitors.stop();
    expect(result.failed, describeLoad(result)).toBe(0);
    expect((await expectAlone()).live).toBe(before.live);
    site.project.commit({ "shop/wsgi.py": wsgi });
  });

  test("a release that is well only in private goes, and the old one serves again", async () => {
    const before = await footprint(site);
    const wsgi = site.project.read("shop/wsgi.py");
    const only = `\nif os.environ["DJDEPLOY_SLOT"] != "probe":\n    raise RuntimeError("not in a slot")\n`;
    site.project.commit({ "shop/wsgi.py": wsgi + only });
    const failed = await site.act("deploy");
    expect(failed.code, told(failed)).toBe(1);
    expect(failed.report.result).toBe("reverted");
    expect((await site.page()).body).toContain("version one");
    expect((await expectAlone()).live).toBe(before.live);
    site.project.commit({ "shop/wsgi.py": wsgi });
  });

  test("after a reboot the live release serves, alone", async () => {
    const before = await footprint(site);
    await site.host.reboot();
    await waitFor(async () => (await site.page()).body.includes("version one"), {
      timeoutMs: 30_000,
      what: "the live release to serve",
    });
    expect(await expectAlone()).toEqual(before);
  });
});
