import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "./support/site.ts";

/** Deploys that were green on a site without its data. Each begins from the shop as it is live, and leaves it so. */
describe("green means live", () => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    site.project.git("reset", "-q", "--hard", good);
    expect((await site.page()).status).toBe(200);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
  });

  const refused = async (code: string, words: RegExp) => {
    const before = (await site.status()).release;
    const done = await site.act("deploy", "--skip-lint");
    expect([done.code, done.report.result], told(done)).toEqual([7, "refused"]);
    const error = done.events.find((event) => event.code === "error");
    expect(error?.data?.["error"]).toBe(code);
    expect(JSON.stringify(error)).toMatch(words);
    expect((await site.status()).release).toBe(before);
  };

  // One folder further up, where the project was before, the running user may make none: integration/failures/green has it.
  test("another SQLite file is another database", async () => {
    site.project.commit({
      "shop/settings.py": `${site.project.read("shop/settings.py")}\nDATABASES["default"]["NAME"] = "/srv/shop/shared/elsewhere.sqlite3"\n`,
    });
    await refused(
      "guard.database-changed",
      /shared\/db\.sqlite3 → sqlite3 \/srv\/shop\/shared\/elsewhere\.sqlite3/,
    );
  });

  describe("behind a firewall that closes port 80, which the host does not see", () => {
    const deploy = async (more = "") => {
      site.project.commit({
        "djdeploy.yml": `${site.project.read("djdeploy.yml")}${more}`,
        "shop/version.py": `NUMBER = "shut${more.length}"\n`,
      });
      const before = (await site.status()).release;
      await site.host.firewall(80, "closed");
      const done = await site.act("deploy").finally(() => site.host.firewall(80, "open"));
      return { before, done };
    };

    test("the run says that nobody outside gets an answer, and its report repeats it", async () => {
      const { done } = await deploy();
      expect(done.code, told(done)).toBe(0);
      const words = `from here nobody gets an answer (http://${site.host.address}:80: no answer within 5 s; http://shop.example.com:80: ENOTFOUND): open port 80`;
      expect(done.report.warnings?.join("\n")).toContain(words);
    });

    test("with front.public: required it is red, and the old release serves", async () => {
      const { before, done } = await deploy("    front: {public: required}\n");
      expect([done.code, done.report.result], told(done)).toEqual([1, "reverted"]);
      expect(done.events.find(({ code }) => code === "error")?.data?.["error"]).toBe("health.outside");
      expect((await site.status()).release).toBe(before);
    });

    test("front.public: never asks nobody", async () => {
      const { done } = await deploy("    front: {public: never}\n");
      expect(done.code, told(done)).toBe(0);
      expect(done.report.warnings ?? []).toEqual([]);
    });
  });

  test("a model whose migrations are not in git", async () => {
    site.project.commit({
      "orders/__init__.py": "",
      "orders/models.py":
        "from django.db import models\n\n\nclass Order(models.Model):\n    number = models.IntegerField()\n",
      "shop/settings.py": `${site.project.read("shop/settings.py")}\nINSTALLED_APPS = [*INSTALLED_APPS, "orders"]\n`,
    });
    await refused("check.models", /orders\.Order: no table orders_order.*makemigrations orders/);
  });

  test("a second database that a router claims, and files in git below MEDIA_ROOT", async () => {
    site.project.commit({
      "shop/router.py":
        'class Router:\n    def allow_migrate(self, db, app_label, **hints):\n        return True if db == "second" and app_label == "shop" else None\n',
      "shop/settings.py": `${site.project.read("shop/settings.py")}
DATABASES["second"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "second.sqlite3"}
DATABASES["legacy"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "legacy.sqlite3"}
DATABASE_ROUTERS = ["shop.router.Router"]
MEDIA_ROOT = BASE_DIR / "media"
`,
      "media/logo.txt": "shipped\n",
    });
    const done = await site.act("deploy", "--skip-lint");
    expect(done.code, told(done)).toBe(0);
    expect(JSON.stringify(done.events)).toMatch(/database legacy is left alone: no router claims it/);
    const tables =
      'import sqlite3; print(sorted(r[0] for r in sqlite3.connect("/srv/shop/shared/second.sqlite3").execute("select name from sqlite_master")))';
    expect(await site.root(`python3 -c '${tables}'`)).toContain("shop_");
    expect(await site.root("cat /srv/shop/shared/media/logo.txt")).toBe("shipped");
    site.project.commit({ "shop/late.py": 'NUMBER = "later"\n' });
    const next = await site.act("deploy", "--skip-lint");
    expect(next.code, told(next)).toBe(0);
    expect(JSON.stringify(next.events)).not.toContain("by hand");
    good = site.project.git("rev-parse", "HEAD");
  });
});
