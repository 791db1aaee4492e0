import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startFront } from "../../../lab/front.ts";
import { type Site, startSite } from "./site.ts";

// Deploys that would be green on a site without its data. One host, one live release; each test begins from it.
let site: Site;
beforeAll(async () => {
  site = await startSite();
  await site.good("The old page");
});
const stopping: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stopping) await stop();
  await site?.stop();
});
afterEach(() => site.restore());

const settings = "counter/settings/production.py";
const base = "counter/settings/base.py";
const models = "visits/models.py";

/** The same with folders that are not there yet. */
function add(files: Record<string, string | ((text: string) => string)>): void {
  for (const path of Object.keys(files))
    mkdirSync(dirname(join(site.play.project, path)), { recursive: true });
  site.change(files);
}

/** What a table of an SQLite file under shared/ holds. */
const rows = (file: string, question: string) =>
  execFileSync("python3", [
    "-c",
    "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())",
    join(site.play.host.site, "shared", file),
    question,
  ])
    .toString()
    .trim();

describe("another database than the live one", () => {
  it("BASE_DIR one folder further up", async () => {
    site.change({ [base]: (text) => text.replace("parent.parent.parent", "parent.parent.parent.parent") });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "guard.database-changed",
      result: "refused",
      says: [
        "another database",
        /shared\/db\.sqlite3 → sqlite3 \S+\/releases\/db\.sqlite3 \(not there yet\)/,
      ],
    });
  });

  it("the same file by another name is no other database", async () => {
    site.change({
      [settings]: (text) =>
        `${text}\nDATABASES["default"]["NAME"] = "${site.play.host.site}/shared/db.sqlite3"\n`,
    });
    const ran = await site.deploy();
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
  });
});

describe("models without tables", () => {
  it("a changed model that no migration makes", async () => {
    site.change({
      [models]: (text) =>
        text.replace("    visits =", "    colour = models.CharField(max_length=9, default='')\n    visits ="),
    });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "check.models",
      result: "refused",
      says: [/visits\.counter: Add field colour to counter/, "python manage.py makemigrations visits"],
    });
  });

  it("an application whose migrations are not in git", async () => {
    add({
      "orders/__init__.py": "",
      "orders/models.py":
        "from django.db import models\n\n\nclass Order(models.Model):\n    number = models.IntegerField()\n",
      [base]: (text) => text.replace('    "visits",', '    "visits",\n    "orders",'),
    });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "check.models",
      result: "refused",
      says: ["orders.Order: no table orders_order", "python manage.py makemigrations orders"],
    });
  });

  it("a migration that is recorded and makes no table", async () => {
    add({
      [models]: (text) => `${text}\n\nclass Ghost(models.Model):\n    text = models.TextField()\n`,
      "visits/migrations/0003_ghost.py": `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.CreateModel("Ghost", [("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")), ("text", models.TextField())])])]
`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "migrate.tables",
      result: "kept-old",
      says: ["visits.Ghost: the table visits_ghost is not there"],
    });
  });

  it("a migration that ends migrate without an error and is not recorded", async () => {
    add({
      "visits/migrations/0003_quiet.py": `import os
import sys
from django.db import migrations

def quiet(apps, editor):
    sys.stdout.flush()
    os._exit(0)

class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.RunPython(quiet, migrations.RunPython.noop)]
`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "migrate.tables",
      result: "kept-old",
      says: ["visits.0003_quiet is not applied", "ended migrate before its end"],
    });
  });

  it("a renamed application, whose tables would begin anew", async () => {
    site.change({
      [base]: (text) => text.replace('"visits"', '"visits.apps.VisitsConfig"'),
      "visits/apps.py": (text) => `${text}    label = "pages"\n`,
    });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "check.models",
      result: "refused",
      says: [
        "pages would begin with empty tables",
        "a new table pages_counter, while visits_counter is in the database",
        'label = "visits"',
      ],
    });
  });

  it.each([
    ["the release's own folder", "BASE_DIR"],
    ["a package", 'BASE_DIR / "visits"'],
  ])("uploads that would lie among the code: %s", async (_title, folder) => {
    site.change({ [base]: (text) => `${text}\nMEDIA_URL = "media/"\nMEDIA_ROOT = ${folder}\n` });
    await site.failed(await site.deploy(), {
      exit: 3,
      code: "check.media-root",
      result: "kept-old",
      says: ["MEDIA_ROOT is a folder of the code", 'MEDIA_ROOT = BASE_DIR / "media"'],
    });
  });

  it("what changes no table is a warning", async () => {
    site.change({
      [models]: (text) =>
        text.replace("max_length=100", 'max_length=100, help_text="which"').replace("default=0", "default=1"),
    });
    const ran = await site.deploy("--verbose");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(
      /no migration makes visits\.counter: Alter field page on counter; no table changes/,
    );
  });
});

describe("an answer that proves little", () => {
  it("a page that sends to a login where one was seen before", async () => {
    site.change({
      "visits/views.py": (text) =>
        text
          .replace(
            "    return render(",
            '    if request.path == "/":\n        return redirect("/login/?next=/")\n    return render(',
          )
          .replace("import render", "import redirect, render"),
    });
    const ran = await site.deploy("--verbose");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/\/ redirects to \/login\/\?next=\/: that proves .*health: \{path/);
  });
});

describe("a live release that answers nonsense", () => {
  it("is no reason against the deploy that mends it", async () => {
    const broken = join(site.play.host.site, "shared", "broken");
    site.change({
      "counter/wsgi.py": (text) =>
        `${text}
from pathlib import Path

_sound = application


def application(environ, start_response):
    if Path("${broken}").exists():
        environ["gunicorn.socket"].sendall(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nnone\\r\\n")
        raise SystemExit
    return _sound(environ, start_response)
`,
    });
    expect((await site.deploy()).code).toBe(0);
    writeFileSync(broken, "");
    site.restore();
    site.change({ "README.md": "Mended." });
    const ran = await site.deploy("--verbose");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(/does not show the live release \S+, which does not answer itself/);
  });
});

describe("a front door that breaks off while the live release answers", () => {
  it("is named, before anything is touched", async () => {
    const { host } = site.play;
    await host.front.stop();
    const door = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => door.listen(host.front.port, "127.0.0.1", resolve));
    site.change({ "README.md": "Not this one." });
    const ran = await site.deploy();
    await new Promise((resolve) => door.close(resolve));
    const again = await startFront(join(host.site, "run", "web.sock"), host.front.port);
    stopping.push(again.stop);
    expect(ran.stderr).toMatch(/^error at front: nothing answers at the front door/);
    expect(ran.stderr).toContain("return 444");
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("kept-old: ")]);
  });
});

describe("files in git below MEDIA_ROOT", () => {
  it("are there behind the link, and no later deploy calls them changed by hand", async () => {
    add({
      "media/logo.txt": "shipped",
      [settings]: (text) => `${text}\nMEDIA_URL = "media/"\nMEDIA_ROOT = BASE_DIR / "media"\n`,
    });
    const shared = join(site.play.host.site, "shared/media");
    expect((await site.deploy()).code).toBe(0);
    expect(readFileSync(join(shared, "logo.txt"), "utf8")).toBe("shipped");
    writeFileSync(join(shared, "logo.txt"), "a visitor's");
    add({ "media/second.txt": "shipped too" });
    const ran = await site.deploy("--verbose");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).not.toContain("by hand");
    expect(ran.stdout).toContain("1 differ from what is there, which stays: media/logo.txt");
    expect(readFileSync(join(shared, "second.txt"), "utf8")).toBe("shipped too");
    expect(readFileSync(join(shared, "logo.txt"), "utf8")).toBe("a visitor's");
  });
});

describe("a database that a router uses and does not claim", () => {
  // Django's own default is to allow a migration: a router without a word about it is the usual one.
  it.each([
    ["no allow_migrate", ""],
    [
      "an allow_migrate without an answer",
      "    def allow_migrate(self, db, app_label, model_name=None, **hints):\n        return None\n",
    ],
  ])("and that lacks the tables: %s", async (_, more) => {
    add({
      [settings]: (text) =>
        `${text}\nDATABASES["stats"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "stats.sqlite3"}\nDATABASE_ROUTERS = ["counter.router.Router"]\n`,
      "counter/router.py": `class Router:
    def db_for_read(self, model, **hints):
        return "stats" if model._meta.model_name == "counter" else None
    db_for_write = db_for_read
${more}`,
    });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "check.models",
      result: "refused",
      says: ["visits.Counter: no table visits_counter in database stats", "database.aliases"],
    });
    expect(existsSync(join(site.play.host.site, "shared/stats.sqlite3"))).toBe(false);
  });
});

describe("a second database", () => {
  const second = `
DATABASES["second"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "second.sqlite3"}
DATABASES["legacy"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "legacy.sqlite3"}
DATABASE_ROUTERS = ["counter.router.Router"]
`;
  const router = `class Router:
    def db_for_read(self, model, **hints):
        return "second" if model._meta.model_name == "note" else None
    db_for_write = db_for_read
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        if model_name == "note":
            return db == "second"
        return None if db == "default" else False
`;
  const note = (text: string) => `${text}\n\nclass Note(models.Model):\n    text = models.TextField()\n`;
  const migration = `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")), ("text", models.TextField())])]
`;

  it("gets its tables where a router claims it; one that nobody claims is left alone", async () => {
    add({
      [settings]: (text) => text + second,
      "counter/router.py": router,
      [models]: note,
      "visits/migrations/0002_note.py": migration,
    });
    const ran = await site.deploy("--verbose");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(rows("second.sqlite3", "select name from sqlite_master where name like '%note'")).toContain(
      "visits_note",
    );
    expect(rows("db.sqlite3", "select name from sqlite_master where name like '%note'")).toBe("[]");
    expect(existsSync(join(site.play.host.site, "shared/legacy.sqlite3"))).toBe(false);
    expect(ran.stdout).toContain("visits.0002_note (database second)");
    expect(ran.stdout).toMatch(/database legacy is left alone: no router claims it/);
  });
});

describe("a database that is not backed up", () => {
  it("is said in the run and in its report, with how to do it by hand", async () => {
    add({
      "counter/own/__init__.py": "",
      "counter/own/base.py":
        "from django.db.backends.sqlite3.base import DatabaseWrapper as DatabaseWrapper\n",
      [settings]: (text) =>
        `${text}\nDATABASES["default"] = {"ENGINE": "counter.own", "NAME": "${site.play.host.site}/shared/db.sqlite3"}\n`,
      "visits/migrations/0009_nothing.py":
        'from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = [("visits", "0001_initial")]\n    operations = [migrations.RunSQL("select 1")]\n',
    });
    const ran = await site.deploy("--verbose", "--force", "another engine");
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const words = "warning: database default is not backed up: backups of own are not yet supported. By hand";
    expect(ran.stdout.replace(/127\.0\.0\.1 backup: /g, "").split(words)).toHaveLength(3);
    expect(ran.stdout).toMatch(/- 127\.0\.0\.1 +backup .*nothing was backed up/);
  });
});

describe("a rollback that fails", () => {
  it("names the release that serves", async () => {
    const list = JSON.parse((await site.cli("releases", "production", "--format", "json")).stdout);
    const live = list.releases.find((one: { live: boolean }) => one.live).id;
    const target = list.releases.find(
      (one: { live: boolean; state: string }) => one.state === "superseded",
    ).id;
    writeFileSync(join(site.play.host.site, "releases", target, "counter/wsgi.py"), "import nowhere\n");
    const ran = await site.cli("rollback", "production", "--to", target);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`\nkept-old: ${live} serves, as before`);
    expect(ran.stderr).not.toContain("the old release");
  });
});

describe("an SQLite engine by another name", () => {
  it("is kept like any other: its file does not lie in the release", async () => {
    add({
      "counter/spatial/__init__.py": "",
      "counter/spatial/base.py":
        "from django.db.backends.sqlite3.base import DatabaseWrapper as DatabaseWrapper\n",
      [base]: (text) => text.replace('"django.db.backends.sqlite3"', '"counter.spatial"'),
    });
    const ran = await site.deploy();
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(await site.play.page()).toContain("The old page");
  });
});

// Last, since it moves the database.
describe("a database in a folder that is shared", () => {
  it("is kept once, by the folder: no later deploy moves it away", async () => {
    add({
      "data/README": "what is kept",
      "djdeploy.yml": (text) => text.replace(/^shared:.*\n/m, "").concat("shared: [data]\n"),
      [settings]: (text) => `${text}\nDATABASES["default"]["NAME"] = BASE_DIR / "data" / "own.sqlite3"\n`,
    });
    expect((await site.deploy("--force", "moved")).code).toBe(0);
    const file = join(site.play.host.site, "shared/data/own.sqlite3");
    const { ino } = lstatSync(file);
    add({ "data/second": "more" });
    const ran = await site.deploy();
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect([lstatSync(file).isFile(), lstatSync(file).ino]).toEqual([true, ino]);
    expect(rows("data/own.sqlite3", "SELECT count(*) FROM django_migrations")).not.toBe("[(0,)]");
  });
});
