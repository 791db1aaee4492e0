import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const settings = `import os

DEBUG = os.environ.get("DEBUG", False)
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["www.example.com"]
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_SECURE = False  # é
`;
const config = (tls: string) =>
  `app: tute\nenvironments: {production: {hosts: [203.0.113.10], domains: [www.example.com], tls: ${tls}}}\n`;
const project = (text: string | Buffer = settings, tls = "external") =>
  repository({ ...djangoFiles(), "tute/settings.py": text, "djdeploy.yml": config(tls) });
const bytes = (folder: string) => readFileSync(join(folder, "tute/settings.py"));
const fix = (cwd: string, ...words: string[]) => djdeploy(["lint", "--fix", ...words], { cwd });

const diff = `--- a/tute/settings.py
+++ b/tute/settings.py
@@ -1,6 +1,6 @@
 import os
 
-DEBUG = os.environ.get("DEBUG", False)
+DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")
 SECRET_KEY = os.environ["SECRET_KEY"]
 ALLOWED_HOSTS = ["www.example.com"]
 INSTALLED_APPS = ["django.contrib.sessions"]
@@ -11,4 +11,9 @@
 ]
 DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
 DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
-SESSION_COOKIE_SECURE = False  # é
+SESSION_COOKIE_SECURE = not DEBUG  # é
+# An hour to begin with; a year (31536000) once all is well.
+SECURE_HSTS_SECONDS = 3600
+# The proxy in front says how the visitor came.
+SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
+SECURE_SSL_REDIRECT = not DEBUG
`;

describe("djdeploy lint --fix", () => {
  it("shows the change, and writes nothing where nobody can be asked", async () => {
    const { directory } = project();
    const { stdout } = await fix(directory);
    expect(stdout.slice(0, stdout.indexOf("\nfixes "))).toBe(`${diff}`);
    expect(stdout).toContain("4 fixes shown, nothing written: there is no terminal to ask, --yes writes");
    expect(bytes(directory).toString()).toBe(settings);
  });

  it("writes with --yes, keeps the file's mode, and has nothing to do after", async () => {
    const { directory, git } = project();
    chmodSync(join(directory, "tute/settings.py"), 0o640);
    expect((await fix(directory, "--yes")).stdout).toContain("4 fixes written");
    expect(
      git("diff")
        .split("\n")
        .filter((line) => /^[+-][^+-]/.test(line)),
    ).toEqual(diff.split("\n").filter((line) => /^[+-][^+-]/.test(line)));
    expect(git("status", "--porcelain")).toBe("M tute/settings.py");
    expect(statSync(join(directory, "tute/settings.py")).mode & 0o777).toBe(0o640);
    const before = bytes(directory);
    expect((await fix(directory, "--yes")).stdout).toContain("nothing to fix mechanically");
    expect(bytes(directory)).toEqual(before);
  });

  it("asks on a terminal, and takes no for an answer", async () => {
    const { directory } = project();
    const answer = async (word: string) => {
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      for (const stream of [stdin, stderr]) Object.assign(stream, { isTTY: true });
      stdin.end(`${word}\n`);
      const signal = new AbortController().signal;
      await main(["lint", "--fix"], { stdin, stdout, stderr, env: {}, cwd: directory, signal });
      expect(String(stderr.read())).toContain("Write tute/settings.py? [y/N]");
      return String(stdout.read());
    };
    expect(await answer("n")).toContain("4 fixes shown, nothing written");
    expect(bytes(directory).toString()).toBe(settings);
    expect(await answer("y")).toContain("4 fixes written");
    expect(bytes(directory).toString()).toContain("SECURE_SSL_REDIRECT = not DEBUG\n");
  });

  it("keeps line ends and the byte order mark", async () => {
    const windows = `\uFEFF${settings.replaceAll("\n", "\r\n")}`;
    const { directory } = project(windows);
    await fix(directory, "--yes");
    const text = bytes(directory).toString();
    expect(text.startsWith("\uFEFFimport os\r\n")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(text).toContain("SESSION_COOKIE_SECURE = not DEBUG  # é\r\n");
  });

  it.each([
    ["not UTF-8", Buffer.from(settings.replace("é", "\u00e9"), "latin1"), "is not UTF-8 text"],
    ["written in another encoding", `# coding: latin-1\n${settings}`, "is written in latin-1"],
  ])("leaves a file that is %s", async (_, text, reason) => {
    const { directory } = project(text);
    const before = bytes(directory);
    expect((await fix(directory, "--yes")).stdout).toContain(reason);
    expect(bytes(directory)).toEqual(before);
  });

  it("leaves a file that a link leads to", async () => {
    const one = repository({
      ...djangoFiles(),
      "djdeploy.yml": config("external"),
      "kept/real.py": settings,
    });
    one.git("rm", "-q", "tute/settings.py");
    one.link("tute/settings.py", "../kept/real.py");
    expect((await fix(one.directory, "--yes")).stdout).toContain("tute/settings.py is a link");
    expect(readFileSync(join(one.directory, "kept/real.py"), "utf8")).toBe(settings);
  });

  it("neither reads nor writes a file that a link leads out to", async () => {
    const outside = repository({ "settings.py": settings });
    const one = repository({ ...djangoFiles(), "djdeploy.yml": config("external") });
    one.git("rm", "-q", "tute/settings.py");
    one.link("tute/settings.py", join(outside.directory, "settings.py"));
    const { code, stdout, stderr } = await fix(one.directory, "--yes");
    expect(code, stdout + stderr).not.toBe(0);
    expect(readFileSync(join(outside.directory, "settings.py"), "utf8")).toBe(settings);
  });

  it("leaves what needs HTTPS while tls is none", async () => {
    const { directory } = project(settings, "none");
    const { stdout } = await fix(directory, "--yes");
    expect(stdout).toContain("left   security.W004");
    expect(stdout).toContain("tls is none");
    expect((await djdeploy(["lint"], { cwd: directory })).stdout).not.toContain("can be fixed");
    expect(bytes(directory).toString()).not.toContain("SECURE_");
  });

  it("tells scripts the same as JSON", async () => {
    const { directory } = project();
    const { stdout } = await fix(directory, "--format", "json", "--dry-run");
    const { findings, fix: told } = JSON.parse(stdout);
    expect(findings.find((f: { id: string }) => f.id === "security.W004").fix).toMatchObject({
      file: "tute/settings.py",
      line: 14,
      after: true,
      automatic: true,
    });
    expect(told).toMatchObject({ written: false, dropped: [], diff: diff.trimEnd() });
    expect(told.made.map((m: { id: string }) => m.id)).toHaveLength(4);
  });
});

it("djdeploy explain shows the place and the code of the project it is asked in", async () => {
  const { directory } = project();
  const { stdout } = await djdeploy(["explain", "W012"], { cwd: directory });
  expect(stdout).toContain(
    "In this project:\n  tute/settings.py:14:1  SESSION_COOKIE_SECURE is not True\n       SESSION_COOKIE_SECURE = not DEBUG\n",
  );
  expect((await djdeploy(["explain", "W012"], { cwd: "/" })).stdout).not.toContain("In this project");
});
