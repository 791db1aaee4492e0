import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, type Repository, repository } from "../../support/repository.ts";
import { readable } from "./site.ts";

// A host that counts who knocks: what goes wrong on the runner must not get that far.
let host: Server;
let knocks = 0;
let port: number;
beforeAll(async () => {
  host = createServer((socket) => {
    knocks++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  port = (host.address() as { port: number }).port;
});
afterAll(() => host?.close());

const key = "-----BEGIN OPENSSH PRIVATE KEY-----\n";

function project(more = "test: {command: false}\n", files: Record<string, string | null> = {}): Repository {
  const all: Record<string, string | null> = {
    ...djangoFiles("tute.settings"),
    "tute/settings.py": `import os\nDEBUG = False\nSECRET_KEY = os.environ["SECRET_KEY"]\nALLOWED_HOSTS = ["tute.example.com"]\nWSGI_APPLICATION = "tute.wsgi.application"\n`,
    "djdeploy.yml": `app: tute\n${more}environments:\n  production:\n    hosts: ["127.0.0.1:${port}"]\n`,
    ...files,
  };
  const written = Object.entries(all).filter((row): row is [string, string] => row[1] !== null);
  return repository(Object.fromEntries(written));
}

/** Runs a deploy twice, for a person and for a program, and judges both. */
async function refused(
  folder: string,
  wanted: { exit: number; code: string; says: (string | RegExp)[]; logsIn?: boolean },
  options: string[] = [],
): Promise<void> {
  const before = knocks;
  const words = ["deploy", "production", ...options];
  const told = await djdeploy(words, { cwd: folder });
  readable(told);
  for (const part of wanted.says) expect(told.stderr).toMatch(part);
  expect(told.code).toBe(wanted.exit);
  const { stdout, code } = await djdeploy([...words, "--format", "json"], { cwd: folder });
  expect(code).toBe(wanted.exit);
  expect(stdout).toContain(`"error":"${wanted.code}"`);
  // Where nothing long lies before it the login begins with the guard; early.test.ts tells what comes of it.
  if (!wanted.logsIn) expect(knocks, "no host was touched").toBe(before);
}

describe("before any host is touched", () => {
  it("a missing configuration says where it was looked for", async () => {
    const { directory } = project(undefined, { "djdeploy.yml": null });
    await refused(directory, {
      exit: 2,
      code: "config.not-found",
      says: [directory, "djdeploy init writes one"],
    });
  });

  it("a wrong configuration says line and column, and the nearest spelling", async () => {
    const { directory } = project("healt: {path: /}\n");
    await refused(directory, {
      exit: 2,
      code: "config.unknown-key",
      says: [/djdeploy\.yml:2:1/, "health"],
    });
  });

  it("no manage.py", async () => {
    const { directory } = project(undefined, { "manage.py": null });
    const says = ["There is no manage.py"];
    await refused(directory, { exit: 2, code: "project.no-manage-py", says, logsIn: true });
  });

  it("several manage.py: the line that says which", async () => {
    const files = djangoFiles();
    const { directory } = project(undefined, {
      "manage.py": null,
      "one/manage.py": files["manage.py"]!,
      "two/manage.py": files["manage.py"]!,
    });
    await refused(directory, {
      exit: 2,
      code: "project.several-manage-py",
      says: ["one/manage.py, two/manage.py", "root: one"],
      logsIn: true,
    });
  });

  it("a finding of the lint that is certain", async () => {
    const { directory } = project(undefined, {
      "tute/settings.py": 'DEBUG = True\nSECRET_KEY = "x"\nWSGI_APPLICATION = "tute.wsgi.application"\n',
    });
    const says = [/tute\/settings\.py:1:\d+/, "DEBUG"];
    await refused(directory, { exit: 3, code: "lint.findings", says, logsIn: true });
  });

  it("a build that fails, with its last lines", async () => {
    const { directory } = project(
      'test: {command: false}\nbuild: {command: "echo bundling; echo no such module: leaflet >&2; exit 3"}\n',
    );
    await refused(directory, {
      exit: 1,
      code: "build.failed",
      says: ["exit code 3", "no such module: leaflet", "nothing was changed on any host"],
    });
  });

  it("a test that fails, by its name", async () => {
    const { directory } = project("", {
      "requirements.txt": "",
      "manage.py": djangoFiles()["manage.py"]!,
      "tests.sh": "echo 'FAIL: test_total (shop.tests.Totals)'; echo 'Ran 2 tests in 0.1s'; exit 1\n",
      "djdeploy.yml": `app: tute\ntest: {command: sh tests.sh}\nenvironments:\n  production:\n    hosts: ["127.0.0.1:${port}"]\n`,
    });
    await refused(directory, { exit: 4, code: "tests.failed", says: ["1 of 2 tests failed", "test_total"] });
  });

  it("a file of secrets that is not there", async () => {
    const { directory } = project();
    await refused(
      directory,
      { exit: 2, code: "env-file.unreadable", says: ["nowhere.env: there is no such file"] },
      ["--env-file", "nowhere.env"],
    );
  });

  it("a key that is none", async () => {
    const { directory } = project();
    writeFileSync(join(directory, "id"), key);
    await refused(directory, { exit: 2, code: "ssh.key-truncated", says: ["id is cut off"] }, [
      "--identity",
      "id",
    ]);
  });

  it("a misspelt environment is no process of the only one", async () => {
    const { directory } = project();
    const before = knocks;
    const told = await djdeploy(["logs", "prodction"], { cwd: directory });
    expect(told.stderr).toContain('there is no environment "prodction"');
    expect(told.code).toBe(2);
    expect(knocks).toBe(before);
  });
});
