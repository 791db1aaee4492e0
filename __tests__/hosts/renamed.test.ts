import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "./support/site.ts";

/**
 * A site that gets another name: the old release knows the old one only, the new one the new one only, and nginx is told by
 * `setup` whenever somebody runs it. Each way of it is green, or goes back to a release that is proven as it always was.
 */
describe("a site with a new name", () => {
  let site: Site;
  let views: string;
  const old = "shop.example.com";
  const now = "www.example.org";
  beforeAll(async () => {
    site = await startSite("systemd");
    views = site.project.read("shop/views.py");
  });
  afterAll(() => site?.stop());

  /** The page by one of the names: its status and which version it is. */
  const asked = async (name: string) => {
    const { status, body } = await site.page("/", { host: name });
    return `${status} ${/version (\w+)/.exec(body)?.[1] ?? ""}`;
  };

  /** A release that knows these names; broken: visitors get 500 of it, and its private socket is well. */
  const release = (url: string, word: string, names: string[], broken = false) => {
    const inFront =
      '\n\n_plain = home\n\n\ndef home(request):\n    if request.headers.get("X-Real-IP"):\n        raise ValueError("front")\n    return _plain(request)\n';
    site.project.commit({
      "shop/version.py": `NUMBER = "${word}"\n`,
      "shop/views.py": views + (broken ? inFront : ""),
      "shop/production.py": site.project
        .read("shop/production.py")
        .replace(/ALLOWED_HOSTS = .*/, `ALLOWED_HOSTS = ${JSON.stringify(names)}`),
      "djdeploy.yml": site.project.read("djdeploy.yml").replace(/url: .*/, `url: ${url}`),
    });
  };

  const setup = async () => {
    const done = await site.setup().ended;
    expect(done.code, done.stdout + done.stderr).toBe(0);
  };

  const deployed = async (words = /./) => {
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(told(done)).toMatch(words);
  };

  const fails = async (verb: string, result: string, words: RegExp) => {
    const done = await site.act(verb);
    expect([done.code, done.report.result], told(done)).toEqual([1, result]);
    expect(told(done) + JSON.stringify(done.events.find(({ code }) => code === "error"))).toMatch(words);
    expect(/step.start switch /.test(told(done))).toBe(result === "reverted");
  };

  const notLed = /does not lead to the application as 10\..*run djdeploy setup production/s;

  test("without url and domains the name is the release's own, and nothing is asked by another", async () => {
    const yml = site.project.read("djdeploy.yml");
    site.project.commit({ "djdeploy.yml": yml.replace(/ *url: .*\n/, "") });
    await deployed();
    site.project.commit({ "djdeploy.yml": yml });
  });

  test("before setup has run, nothing is touched", async () => {
    release(`http://${site.host.address}`, "two", [site.host.address]);
    await fails("deploy", "kept-old", notLed);
    expect(await asked(old)).toBe("200 one");
  });

  test("behind setup, the old release is asked by the name that the web server knows", async () => {
    await setup();
    await deployed(/shows the live release as 10\.[\d.]+ and no longer as shop\.example\.com/);
    expect(await asked(site.host.address)).toBe("200 two");
  });

  test("a release that fails under the new name goes back to one that knows the old name only", async () => {
    release(`http://${now}`, "bad", [now], true);
    await setup();
    await fails("deploy", "reverted", /prove-old it answers 400 as www\.example\.org; as 10\./);
    release(`http://${now}`, "three", [now]);
    await deployed(/and no longer as 10\./);
    expect(await asked(now)).toBe("200 three");
  });

  test("once it is renamed: back by its own probe, and no way back to what knows another name", async () => {
    release(`http://${now}`, "bad", [now], true);
    await fails("deploy", "reverted", /prove-old http:\/\/127\.0\.0\.1:80 answered 200 from it/);
    await fails("rollback", "kept-old", notLed);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
    expect(await asked(now)).toBe("200 three");
  });
});
