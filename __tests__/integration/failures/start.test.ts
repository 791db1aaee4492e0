import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Site, startSite } from "./site.ts";

// One host with one live release: everything that goes wrong when the next one migrates and starts.
let site: Site;
beforeAll(async () => {
  site = await startSite();
  await site.good("The old page");
});
afterAll(() => site?.stop());
afterEach(() => site.restore());

const settings = "counter/settings/production.py";
const views = "visits/views.py";

/** Health checks that give up sooner. */
const impatient = (text: string) => text.replace("deadline: 20s", "deadline: 7s, request-timeout: 3s");

describe("what goes wrong when a release migrates and starts", () => {
  it("a migration that fails halfway: the next deploy goes on from there", async () => {
    site.change({
      "visits/migrations/0002_first.py": migration(
        "0001_initial",
        'migrations.RunSQL("create table extra (id int)")',
      ),
      "visits/migrations/0003_second.py": migration(
        "0002_first",
        'migrations.RunSQL("select * from nowhere")',
      ),
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "migrate.failed",
      result: "kept-old",
      says: [
        "no such table: nowhere",
        "visits.0003_second",
        "applied and stays: visits.0002_first",
        "mend visits.0003_second and deploy again",
      ],
    });
    site.change({
      "visits/migrations/0003_second.py": migration("0002_first", 'migrations.RunSQL("select * from extra")'),
    });
    await site.good("Migrated");
  });

  it("a release that does not boot", async () => {
    site.change({ "counter/wsgi.py": (text) => `${text}\nimport nowhere\n` });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "boot.failed",
      result: "kept-old",
      says: ["does not start", "No module named 'nowhere'", "add the package of nowhere to the requirements"],
    });
  });

  it("a page that answers 500, with the exception", async () => {
    site.change({
      "djdeploy.yml": impatient,
      [views]: (text) => text.replace(/^def home\(.*$/m, '$&\n    raise ValueError("no weather today")'),
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "probe.failed",
      result: "kept-old",
      says: [/seen: 500/, "ValueError: no weather today", "visits/views.py"],
    });
  });

  it("a page that answers 400", async () => {
    site.change({
      [views]: (text) =>
        `from django.core.exceptions import SuspiciousOperation\n${text.replace(/^def home\(.*$/m, '$&\n    raise SuspiciousOperation("odd")')}`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "probe.failed",
      result: "kept-old",
      says: [/seen: 400/, "SuspiciousOperation: odd"],
    });
  });

  it("a page that redirects to another scheme", async () => {
    site.change({
      [settings]: (text) => `${text}\nSECURE_SSL_REDIRECT = bool(__import__("platform").node())\n`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "probe.failed",
      result: "kept-old",
      says: [/seen: 301 → https:\/\/counter\.example\.com\//, "tls: external", "SECURE_SSL_REDIRECT"],
    });
  });

  it("a page that hangs", async () => {
    site.change({
      "djdeploy.yml": impatient,
      [views]: (text) => `import time\n${text.replace(/^def home\(.*$/m, "$&\n    time.sleep(3600)")}`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "boot.hangs",
      result: "kept-old",
      says: ["/ does not answer within 3 s", "health.request-timeout"],
    });
  });

  it("a page that fails only behind the switch: the old release serves again, proven", async () => {
    const link = join(site.play.host.site, "run/web.sock");
    const test = `\n    if os.readlink("${link}").startswith(os.environ["DJDEPLOY_SLOT"]):\n        raise ValueError("live")`;
    site.change({ [views]: (text) => `import os\n${text.replace(/^def home\(.*$/m, `$&${test}`)}` });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "front.failed",
      result: "reverted",
      says: [/where: http:\/\/127\.0\.0\.1:\d+\/ \(Host: counter\.example\.com\)/, "ValueError: live"],
    });
  });

  it("the site gets another name and page: the old release is proven by its own", async () => {
    const link = join(site.play.host.site, "run/web.sock");
    const test = `\n    if os.readlink("${link}").startswith(os.environ["DJDEPLOY_SLOT"]):\n        raise ValueError("live")`;
    site.change({
      "djdeploy.yml": (text) =>
        text
          .replaceAll("counter.example.com", "new.example.com")
          .replace("deadline: 20s", "deadline: 20s, path: /new/, status: [200]"),
      "counter/urls.py": (text) =>
        `${text}\nfrom visits import views as v\nfrom django.urls import path as p\nurlpatterns += [p("new/", v.home)]\n`,
      [views]: (text) => `import os\n${text.replace(/^def home\(.*$/m, `$&${test}`)}`,
    });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "front.failed",
      result: "reverted",
      says: ["(Host: new.example.com)", "ValueError: live"],
    });
  });

  /** The server is killed as soon as it is proven and written down as live; the manager starts it anew. */
  const dying = (then: string): Parameters<Site["change"]>[0] => ({
    "djdeploy.yml": (text) => `${text}drain: {min: 3s}\n`,
    "counter/wsgi.py": (text) => `${text}
import json, signal, threading, time

mark = "${site.play.host.site}/shared/died-once"
if os.path.exists(mark):
    ${then}


def die():
    while json.load(open(".djdeploy/manifest.json"))["state"] != "live":
        time.sleep(0.02)
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getppid(), signal.SIGKILL)


threading.Thread(target=die, daemon=True).start()
`,
  });
  const forget = () => rmSync(join(site.play.host.site, "shared/died-once"));

  it("a release that dies once it is proven, and is started anew without serving", async () => {
    site.change(dying('application = lambda environ, start: start("500 Dead", []) and []'));
    const ran = await site.deploy();
    forget();
    await site.failed(ran, {
      exit: 1,
      code: "proof.failed",
      result: "reverted",
      says: [
        /its main process ended after it was proven, and what was started in its place/,
        "djdeploy logs",
      ],
    });
  });

  it("a release that dies once it is proven, and serves when it is started anew: that is said", async () => {
    site.change(dying("pass"));
    const ran = await site.deploy();
    forget();
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toMatch(
      /warning.* ended after it was proven and was started anew; it was proven once more/,
    );
    await site.good("Started anew");
  });

  it("and after all that, the next good deploy works", async () => {
    await site.good("The new page");
    const { releases } = JSON.parse((await site.cli("releases", "production", "--format", "json")).stdout);
    expect(releases[0]).toMatchObject({ state: "live", live: true });
  });
});

function migration(before: string, operation: string): string {
  return `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "${before}")]
    operations = [${operation}]
`;
}
