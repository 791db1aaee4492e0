import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Site, secret, startSite } from "./site.ts";

// One host with one live release: everything that goes wrong while the next one is made, one after the other.
let site: Site;
beforeAll(async () => {
  site = await startSite();
  await site.good("The old page");
});
afterAll(() => site?.stop());
afterEach(() => site.restore());

const settings = "counter/settings/production.py";
const config = "djdeploy.yml";

describe("what goes wrong while a release is made", () => {
  it("secrets that nobody gave: all of them, each with its command", async () => {
    site.change({ [config]: (text) => text.replace("[SECRET_KEY]", "[SECRET_KEY, MAIL_KEY, MAP_KEY]") });
    const given = join(site.play.project, "..", "empty.env");
    writeFileSync(given, "MAIL_KEY=\n");
    await site.failed(await site.deploy("--env-file", given), {
      exit: 2,
      code: "env.secret-missing",
      result: "kept-old",
      keepsRelease: false,
      says: [
        "the secrets MAIL_KEY, MAP_KEY have no value",
        "djdeploy env production set MAIL_KEY",
        "djdeploy env production set MAP_KEY",
      ],
    });
  });

  it("an empty secret keeps the host's value: nothing changed", async () => {
    const given = join(site.play.project, "..", "empty.env");
    writeFileSync(given, "SECRET_KEY=\n");
    const ran = await site.deploy("--env-file", given);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("unchanged:");
  });

  it("a secret that only the host stores, printed by the release and raised", async () => {
    const given = join(site.play.project, "..", "empty.env");
    writeFileSync(given, "SECRET_KEY=\n");
    site.change({
      [settings]: (text) => `${text}
import base64, os, sys
said = os.environ["SECRET_KEY"]
print("it is", said, base64.b64encode(said.encode()).decode(), file=sys.stderr, flush=True)
raise ValueError("what is " + said)
`,
    });
    const ran = await site.deploy("--env-file", given);
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining("ValueError: what is ***")]);
    expect(ran.stdout + ran.stderr).not.toContain(secret);
    expect(ran.stdout + ran.stderr).not.toContain(Buffer.from(secret).toString("base64"));
    expect(readFileSync(join(site.play.host.site, ".djdeploy/audit.jsonl"), "utf8")).not.toContain(secret);
  });

  it("a former value of it, raised by the release that a rollback goes to", async () => {
    const given = join(site.play.project, "..", "former.env");
    const former = "f0rmer-value-of-the-key-0123456789-abcdefghijklmnopqrstuvwxyz";
    writeFileSync(given, `SECRET_KEY=${former}\n`);
    const mark = join(site.play.host.site, "shared/tell");
    site.change({
      [settings]: (text) =>
        `${text}\nimport os\nif os.path.exists(${JSON.stringify(mark)}):\n    raise ValueError(os.environ["SECRET_KEY"])\n`,
    });
    expect((await site.deploy("--env-file", given)).code).toBe(0);
    await site.good("After the former value");
    writeFileSync(mark, "");
    const back = await site.cli("rollback", "production", "--env", "release");
    rmSync(mark);
    expect([back.code, back.stderr]).toEqual([3, expect.stringContaining("ValueError: ***")]);
    expect(back.stdout + back.stderr).not.toContain(former);
  });

  it("another database than the live release uses", async () => {
    site.change({
      [settings]: (text) => `${text}\nDATABASES["default"]["NAME"] = BASE_DIR / "other.sqlite3"\n`,
    });
    await site.failed(await site.deploy(), {
      exit: 7,
      code: "guard.database-changed",
      result: "refused",
      says: [
        "another database",
        /shared\/db\.sqlite3 → sqlite3 \S+\/shared\/other\.sqlite3/,
        'deploy production --force "the reason"',
      ],
    });
  });

  it("a Python that the host does not have", async () => {
    site.change({ [config]: (text) => `${text}python: {version: ">=3.99"}\n` });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "python.none",
      result: "kept-old",
      keepsRelease: false,
      says: [
        "no Python that this project can run on",
        /expected: Python >=3\.99/,
        /seen: 3\.\d+/,
        "python.version",
      ],
    });
  });

  it("a requirement that cannot be installed", async () => {
    site.change({ "requirements.txt": (text) => `${text}djdeploy-no-such-package==9.9\n` });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "venv.install",
      result: "kept-old",
      says: ["installing the requirements", "djdeploy-no-such-package==9.9", "check the name and version"],
    });
  });

  it("settings that do not import", async () => {
    site.change({ [settings]: (text) => `import corsheaders\n${text}` });
    await site.failed(await site.deploy(), {
      exit: 3,
      code: "check.settings",
      result: "kept-old",
      says: ["No module named 'corsheaders'", "production.py:1", "add the package of corsheaders"],
    });
  });

  it("a variable that the settings want and nobody named", async () => {
    site.change({ [settings]: (text) => `${text}\nMAPS = os.environ["MAP_KEY"]\n` });
    await site.failed(await site.deploy(), {
      exit: 3,
      code: "check.settings",
      result: "kept-old",
      says: ["KeyError: 'MAP_KEY'", "the variable MAP_KEY is not set"],
    });
  });

  it("a finding of the live check at the fail level", async () => {
    site.change({
      [settings]: (text) => text.replace("DEBUG = False", 'DEBUG = os.environ.get("X") is None'),
    });
    await site.failed(await site.deploy(), {
      exit: 3,
      code: "check.findings",
      result: "kept-old",
      says: ["security.W018", "DEBUG"],
    });
  });

  it("ALLOWED_HOSTS that refuse the site's own name", async () => {
    site.change({
      [config]: (text) => text.replace("ALLOWED_HOSTS: counter.example.com", "ALLOWED_HOSTS: other.org"),
    });
    await site.failed(await site.deploy(), {
      exit: 3,
      code: "djdeploy.allowed-hosts",
      result: "kept-old",
      says: ["ALLOWED_HOSTS refuses counter.example.com", "seen: other.org"],
    });
  });

  it("collectstatic failing", async () => {
    const css = "visits/static/visits/style.css";
    site.change({ [css]: (text) => `${text}\nbody { background: url("nowhere.png"); }\n` });
    await site.failed(await site.deploy(), {
      exit: 1,
      code: "collectstatic.failed",
      result: "kept-old",
      says: ["nowhere.png", "a stylesheet or template names a file that does not exist"],
    });
  });

  it("the last failed release is kept, with its reason", async () => {
    const { stdout } = await site.cli("releases", "production");
    expect(stdout).toMatch(/failed .*collectstatic: collectstatic on 127\.0\.0\.1 failed/);
  });

  it("an unset STATIC_ROOT is no failure, and is said", async () => {
    site.change({ "counter/settings/base.py": (text) => text.replace(/^STATIC_ROOT = .*$/m, "") });
    const ran = await site.good("Without STATIC_ROOT");
    expect(ran.stdout).toContain("STATIC_ROOT is not set");
    const css = /href="(\/static\/visits\/style\.[0-9a-f]+\.css)"/.exec(await site.play.page())?.[1];
    expect(await site.play.page(css)).toContain("body");
  });

  it("a changed database that is meant, with its reason written down", async () => {
    site.change({
      [settings]: (text) => `${text}\nDATABASES["default"]["NAME"] = BASE_DIR / "other.sqlite3"\n`,
    });
    // The key that it comes in with is no value of the site, and as secret.
    const line = readFileSync(site.play.host.keyFile, "utf8").split("\n")[2]!;
    const ran = await site.deploy("--force", `moving to a new file ${line}`);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("another database than the live release, forced");
    const audit = readFileSync(join(site.play.host.site, ".djdeploy/audit.jsonl"), "utf8");
    expect(audit.trim().split("\n").at(-1)).toContain('"force": "moving to a new file ***"');
    expect(audit + ran.stdout + ran.stderr).not.toContain(line);
  });
});
