import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { type Site, startSite, told } from "./support/site.ts";

describe("what is proven of a release", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("systemd");
  });
  afterAll(() => site?.stop());

  const deploy = async (word: string) => {
    site.project.version(word);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    return done.report.release ?? "";
  };

  test("a rollback and a deploy of an older commit serve their own stylesheet", async () => {
    const first = site.project.git("rev-parse", "HEAD");
    const css = async () => {
      const href = /href="([^"]+)"/.exec((await site.page()).body)?.[1] ?? "none";
      return (await site.page(href)).body;
    };
    const before = await css();
    await deploy("two");
    expect(await css()).toContain('"two"');
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    expect(await css()).toBe(before);
    await deploy("three");
    const older = await site.act("deploy", "--revision", first, "--force", "the older one is wanted");
    expect(older.code, told(older)).toBe(0);
    expect(await css()).toBe(before);
    expect((await site.page()).body).toContain("version one");
  });

  test("a late import takes the module of the release that runs", async () => {
    await deploy("four");
    await deploy("five");
    expect(JSON.parse((await site.page("/lazy/")).body)).toEqual({ version: "five", late: "five" });
  });

  test("a file that is changed in place on the host changes no other release", async () => {
    const live = (await site.status()).release;
    await site.root(`echo 'NUMBER = "by-hand"' >> /srv/shop/releases/${live}/shop/version.py`);
    site.project.commit({ "README.md": "Nothing of the code\n" });
    const next = await site.act("deploy");
    expect(next.code, told(next)).toBe(0);
    expect(next.events.some((event) => event.message.includes("changed on the host by hand"))).toBe(true);
    expect((await site.page()).body).toContain("version five");
    await site.root(`echo 'NUMBER = "again"' >> /srv/shop/releases/${next.report.release}/shop/version.py`);
    expect(await site.root(`cat /srv/shop/releases/${live}/shop/version.py`)).not.toContain("again");
    await deploy("six");
  });

  test("another STATIC_URL than nginx serves is told, and setup mends it", async () => {
    site.project.commit({
      "shop/production.py": `${site.project.read("shop/production.py")}STATIC_URL = "/assets/"\n`,
    });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(done.events.map((event) => event.message).join("\n")).toContain(
      "STATIC_URL is /assets/, and nginx serves /static/ for it: djdeploy setup production",
    );
    const setup = await site.setup().ended;
    expect(setup.code, setup.stdout + setup.stderr).toBe(0);
    const href = /href="(\/assets\/[^"]+)"/.exec((await site.page()).body)?.[1] ?? "none";
    const { slot } = await site.status();
    await site.root(`systemctl stop shop-web@${slot}`);
    expect(await site.page(href)).toMatchObject({ status: 200 });
    await site.root(`systemctl start shop-web@${slot}`);
    await waitFor(async () => (await site.page()).status === 200, { timeoutMs: 30_000, what: "the page" });
    const again = await site.act("deploy");
    expect(again.report.result).toBe("unchanged");
  });

  test("workers that hide their command line are proven by their folder", async () => {
    site.project.commit({
      "requirements.txt": `${site.project.read("requirements.txt")}setproctitle==1.3.7\n`,
    });
    const release = await deploy("seven");
    expect(await site.root("pgrep -u shop -a | grep 'gunicorn: worker' | wc -l")).toBe("2");
    expect(await site.status()).toMatchObject({ proven: true, workers: 2, release });
  });
});

describe("behind a balancer that ends TLS", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("systemd", { more: "", there: "tls: external\n" });
  });
  afterAll(() => site?.stop());

  test("a site that redirects to HTTPS is deployed once and stays", async () => {
    const production = site.project.read("shop/production.py");
    site.project.commit({
      "shop/production.py": `${production}SECURE_SSL_REDIRECT = True\n`,
      "djdeploy.yml": site.project.read("djdeploy.yml").replace("url: http:", "url: https:"),
    });
    const setup = await site.setup().ended;
    expect(setup.code, setup.stdout + setup.stderr).toBe(0);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.act("deploy")).report.result).toBe("unchanged");
    const plain = await site.page("/where/");
    expect(plain.status).toBe(301);
    const behind = await site.page("/where/", { host: "shop.example.com", "x-forwarded-proto": "https" });
    expect(JSON.parse(behind.body)).toMatchObject({ scheme: "https" });
  });
});
