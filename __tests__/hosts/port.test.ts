import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { bootPortSite, deployed, setUp } from "./support/port-site.ts";
import { type Manager, type Site, told } from "./support/site.ts";

const words = ["two", "three"];

describe.each<Manager>(["systemd", "supervisord"])("a port without nginx under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await bootPortSite({ manager, port: 80 });
  });
  afterAll(() => site?.stop());

  const load = (path: string, clients: number) =>
    startLoad({
      url: `http://${site.host.address}${path}`,
      headers: { host: "shop.example.com" },
      clients,
      pauseMs: 50,
      requestTimeoutMs: 30_000,
      maxSeconds: 280,
    });

  /** One slot, its private boot gone, the link that names it. */
  const expectAlone = async () => {
    const there = await footprint(site);
    const slot = there.slots[0] ?? "";
    expect(there).toMatchObject({ slots: [slot], run: [`${slot}.boot`, "web.sock"], running: [there.live] });
    expect(there).toMatchObject({ temporary: [], lock: false });
    expect(await site.status()).toMatchObject({ proven: true, release: there.live, slot });
    return there;
  };

  test("the first release opens the door; a second setup finds nothing to do", async () => {
    const report = await deployed(site);
    expect(report.result).toBe("deployed");
    expect((await site.page()).body).toContain("version one");
    await expectAlone();
    expect(await setUp(site)).toContain("unchanged");
    expect((await site.act("deploy")).report.result).toBe("unchanged");
  });

  test("two deploys and a rollback lose no request", async () => {
    const loads = [load("/slow/?s=0.3", 3), load("/where/", 3)];
    for (const word of words) {
      site.project.version(word);
      await deployed(site);
      expect((await site.page()).body).toContain(`version ${word}`);
    }
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    expect((await site.page()).body).toContain("version two");
    for (const one of loads) {
      const result = await one.stop();
      console.info(manager, describeLoad(result));
      expect(result.failed, describeLoad(result)).toBe(0);
      expect(result.sent).toBeGreaterThan(50);
    }
    await expectAlone();
  });

  test("a release that does not start, or whose page fails, never reaches a visitor", async () => {
    const before = await footprint(site);
    const wsgi = site.project.read("shop/wsgi.py");
    const views = site.project.read("shop/views.py");
    const visitors = load("/where/", 2);
    for (const broken of [
      { "shop/wsgi.py": `${wsgi}\nraise RuntimeError("not today")\n` },
      {
        "shop/wsgi.py": wsgi,
        "shop/views.py": `${views}\n\ndef home(request):\n    raise ValueError("page")\n`,
      },
    ]) {
      site.project.commit(broken);
      const failed = await site.act("deploy");
      expect(failed.code, told(failed)).toBe(1);
      expect(failed.report.result).toBe("kept-old");
    }
    const result = await visitors.stop();
    expect(result.failed, describeLoad(result)).toBe(0);
    expect((await expectAlone()).live).toBe(before.live);
    site.project.commit({ "shop/wsgi.py": wsgi, "shop/views.py": views });
  });

  test("a release that is well only in private is taken back, and the old one serves", async () => {
    const before = await footprint(site);
    const wsgi = site.project.read("shop/wsgi.py");
    // Its page is good on the private socket, and dies where visitors are.
    const only = `\nif os.environ["DJDEPLOY_SLOT"] != "probe":\n    raise RuntimeError("not in a slot")\n`;
    site.project.commit({ "shop/wsgi.py": wsgi + only });
    const visitors = load("/where/", 2);
    const failed = await site.act("deploy");
    expect(failed.code, told(failed)).toBe(1);
    expect(failed.report.result).toBe("kept-old");
    const result = await visitors.stop();
    expect(result.failed, describeLoad(result)).toBe(0);
    expect((await expectAlone()).live).toBe(before.live);
    site.project.commit({ "shop/wsgi.py": wsgi });
  });

  test("after a reboot the live release serves, alone", async () => {
    const before = await footprint(site);
    await site.host.reboot();
    await waitFor(async () => (await site.page()).body.includes("version two"), {
      timeoutMs: 30_000,
      what: "the live release to serve",
    });
    expect(await expectAlone()).toEqual(before);
    expect(await site.root("ss -tlnH sport = :80 | wc -l")).toBe("1");
  });
});
