import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readText } from "../../../src/files/read.ts";
import { djdeploy, type Ran } from "../../support/cli.ts";
import { obeyed } from "../../support/hostile.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";
import { commandsIn } from "../../support/workflow-commands.ts";

const smallest = "app: counter\nenvironments: {production: {hosts: [127.0.0.1:1]}}\n";

/** A folder with a djdeploy.yml, and in it everything that can stand where a file is wanted. */
async function folder(config: string | Buffer = smallest): Promise<string> {
  const path = temporaryFolder();
  writeFileSync(join(path, "djdeploy.yml"), config);
  mkdirSync(join(path, "folder"));
  symlinkSync("gone", join(path, "dangling"));
  symlinkSync("loop", join(path, "loop"));
  symlinkSync("/dev/zero", join(path, "zero"));
  writeFileSync(join(path, "utf16"), Buffer.from("\ufeffA=1\n", "utf16le"));
  writeFileSync(join(path, "latin1"), Buffer.from("A=\xe9\n", "latin1"));
  writeFileSync(join(path, "secret"), "A=1\n");
  chmodSync(join(path, "secret"), 0);
  const server = createServer().listen(join(path, "socket"));
  await new Promise((resolve) => server.on("listening", resolve));
  onTestFinished(() => void server.close());
  return path;
}

/** As somebody who may not read everything: root may. */
async function asUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65534);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

/** One error that a person can read, and nothing else. */
function refused({ code, stdout, stderr }: Ran, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.match(/^error/gm)).toHaveLength(1);
  expect(stderr.length).toBeLessThan(5_000);
  expect(stderr).not.toMatch(obeyed);
  expect(stderr).not.toMatch(/EISDIR|ENOENT|ENXIO|ELOOP|EACCES|unexpected:|\bat .*\.ts:/);
}

const kinds: [file: string, says: RegExp][] = [
  ["folder", /folder cannot be read: it is a folder/],
  ["zero", /zero cannot be read: it is a device/],
  ["/dev/zero", /\/dev\/zero cannot be read: it is a device/],
  ["dangling", /dangling: there is no such file/],
  ["secret/below", /secret\/below: there is no such file/],
  ["loop", /loop cannot be read: it is a symbolic link that leads to itself/],
  ["socket", /socket cannot be read: it is a (?:device or a )?socket/],
  ["utf16", /utf16 cannot be read: it is UTF-16 text/],
  ["latin1", /latin1 cannot be read: it is not UTF-8 text/],
  ["secret", /secret cannot be read: it is a file that this user may not read/],
  ["x".repeat(5_000), /it is a name that is too long for a file/],
];

describe("what is no text file is one error, wherever a file is named", () => {
  it.each(kinds)("%s", async (file, says) => {
    const cwd = await folder();
    chmodSync(cwd, 0o755);
    for (const words of [
      ["status", "--config", file],
      ["status", "--env-file", file],
      ["env", "import", file],
      ["status", "--identity", file, "--ssh-config", "none"],
    ]) {
      const ran = await asUser(() => djdeploy(words, { cwd }));
      // `env import` asks the file before any host is.
      refused(ran, says);
    }
  });

  it("a pipe is read where values may come from a program, and only there", async () => {
    const cwd = await folder();
    const pipe = join(cwd, "pipe");
    execFileSync("mkfifo", [pipe]);
    refused(await djdeploy(["status", "--config", "pipe"], { cwd }), /pipe cannot be read: it is a pipe/);
    // The writer comes when we read already.
    const writer = spawn("sh", ["-c", 'sleep 0.2; printf "A=1\\nB" > "$0"', pipe]);
    const gone = new Promise((resolve) => writer.on("close", resolve));
    refused(await djdeploy(["lint", "--env-file", "pipe"], { cwd }), /pipe:2: this is not NAME=VALUE/);
    await gone;
    const wanted = { label: "pipe", most: 10, code: "x", pipe: true, patienceMs: 50 };
    await expect(readText(pipe, wanted)).rejects.toThrow("it is a pipe into which nobody writes");
  });

  it("a program's answer in the place of a file is read by the bundle", async () => {
    const cwd = await folder();
    // As the bundle's first line starts it: Node 20 takes an --env-file without the -- for its own.
    const line = `exec "$0" -- "$1" lint --fail-level never --env-file`;
    const bundle = join(process.cwd(), "dist/cli/index.js");
    for (const given of ["<(echo B)", "/dev/stdin < <(echo B)", "- < <(echo B)"]) {
      const ran = spawnSync("bash", ["-c", `${line} ${given}`, process.execPath, bundle], {
        cwd,
        encoding: "utf8",
      });
      expect(ran.stderr).toContain(":1: this is not NAME=VALUE");
      expect(ran.status).toBe(2);
    }
  });

  it("/dev/null holds nothing", async () => {
    const cwd = await folder();
    const ran = await djdeploy(["status", "--env-file", "/dev/null", "--identity", "/dev/null"], { cwd });
    expect(ran.stderr).not.toContain("env-file");
  });

  it("more than 16 MB of values are refused, from a file as from a pipe; a value of a megabyte is not", async () => {
    const cwd = await folder();
    writeFileSync(join(cwd, "large.env"), `A='${"x".repeat(16_000_000)}'\n`);
    refused(
      await djdeploy(["status", "--env-file", "large.env"], { cwd }),
      /large\.env is larger than 16 MB/,
    );
    const input = "x".repeat(16_000_001);
    refused(await djdeploy(["status", "--env-file", "-"], { cwd, input }), /<stdin> is larger than 16 MB/);
    refused(await djdeploy(["env", "set", "A"], { cwd, input }), /standard input is larger than 16 MB/);
    const many = `B='${"y".repeat(1_000_000)}'\n`;
    writeFileSync(join(cwd, "many.env"), Array.from("CDEFGHIJ", (name) => many.replace("B", name)).join(""));
    const { stderr } = await djdeploy(["status", "--env-file", "many.env"], { cwd });
    expect(stderr).not.toContain("many.env");
  });
});

describe("a configuration that nobody wrote", () => {
  const n = 300_000;
  const laugh = Array.from("bcdefghijk", (name, at) => {
    const before = "abcdefghij"[at];
    return `${name}: &${name} [${`*${before},`.repeat(9)}]\n`;
  });
  const merges = Array.from({ length: 40 }, (_, at) => `m${at + 1}: &m${at + 1} {<<: [*m${at}, *m${at}]}\n`);
  it.each<[name: string, text: string | Buffer, says: RegExp]>([
    ["10 MB", `#${"x".repeat(10_000_000)}`, /djdeploy\.yml is larger than 1\.0 MB/],
    [
      "brackets without end",
      `a: ${"[".repeat(n)}`,
      /djdeploy\.yml:1:\d+: more than 40 brackets in each other/,
    ],
    ["lists in lists", "- ".repeat(10_000), /nested too deeply/],
    ["keys without end", "a: 1\n".repeat(n / 5), /the file is too large/],
    ["one key again and again", "a: 1\n".repeat(5_000), /the key a is given twice here/],
    ["a mistake in every line", "\t: x\n".repeat(5_000), /a tab in the indentation/],
    ["tags", "a: !x y\n".repeat(5_000), /the tag !x means nothing here/],
    ["aliases that multiply", `a: &a [1]\n${laugh.join("")}`, /its aliases multiply/],
    ["merges that multiply", `m0: &m0 {a: 1}\n${merges.join("")}`, /its aliases multiply/],
    ["an alias of itself", "app: &a [*a]\nenvironments: {}\n", /contains itself/],
    ["a key of 900 KB", `${"k".repeat(900_000)}: 1\n`, /not valid YAML/],
    ["a name of a key with controls", `app: x\n"a\\e[2J\\u2028": 1\n`, /unknown key/],
    ["NUL", "app: x\0y\nenvironments: {production: {hosts: [a]}}\n", /djdeploy\.yml:1:/],
    [
      "UTF-16",
      Buffer.from(`\ufeff${smallest}`, "utf16le"),
      /djdeploy\.yml cannot be read: it is UTF-16 text/,
    ],
  ])("%s", async (_, text, says) => {
    refused(await djdeploy(["status"], { cwd: await folder(text) }), says);
  });

  it("that many people share stands: a thousand hosts, an alias for each of a hundred environments", async () => {
    const hosts = Array.from(
      { length: 1000 },
      (_, at) => `      - host: web${at}.example.com\n        roles: [web]\n`,
    );
    const fleet = `app: x\nenvironments:\n  production:\n    hosts:\n${hosts.join("")}`;
    const { stderr } = await djdeploy(["status", "nowhere"], { cwd: await folder(fleet) });
    expect(stderr).toContain("there is no environment like that (7 characters");
    const names = Array.from({ length: 100 }, (_, at) => `  e${at}: {<<: *all, app: e${at}}\n`);
    const many = `app: x\nenvironments:\n  all: &all {hosts: [web1]}\n${names.join("")}`;
    const ran = await djdeploy(["status", "nowhere"], { cwd: await folder(many) });
    expect(ran.stderr).toContain("and 81 more");
  });
});

describe("a word of a user is shown short and on one line", () => {
  const long = "x".repeat(100_000);
  const lines = "a\n::error::forged\r\u2028\x1b[2J";
  it.each([
    ["an environment", ["status"]],
    ["a verb", []],
    ["an argument too many", ["status", "production"]],
    ["an option's value", ["status", "--format"]],
    ["an address", ["host-key"]],
    ["an id", ["explain"]],
    ["an action of env", ["env", "production"]],
    ["a setting", ["lint", "--explain-value"]],
    ["an address of a site", ["init", "--host", "a", "--url"]],
    ["a number", ["logs", "--lines"]],
    ["a file", ["status", "--config"]],
  ])("%s", async (_, words) => {
    const cwd = await folder();
    for (const word of [long, lines]) {
      for (const format of [[], ["--format", "github"]]) {
        if (words.includes("--format") && format.length > 0) continue;
        const { code, stdout, stderr } = await djdeploy([...words, word, ...format], { cwd });
        expect(code).toBe(2);
        expect((stdout + stderr).length).toBeLessThan(2_500);
        expect(stdout + stderr).not.toMatch(obeyed);
        expect(commandsIn(stderr)).toEqual([]);
        expect(commandsIn(stdout).filter(({ name }) => name !== "error")).toEqual([]);
        expect(commandsIn(stdout).length).toBeLessThan(2);
      }
    }
  });

  it("also as an option that is not there", async () => {
    const { code, stderr } = await djdeploy([`--${long}\x1b[2J`]);
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(1_000);
  });

  it("by the action: in its log, its annotation, its outputs and its summary", async () => {
    const cwd = await folder();
    const word = `nowhere\r\n::set-output name=a::b\u2028\x1b]52;c;aGk=\x07${"x".repeat(90_000)}`;
    for (const inputs of [{ environment: word }, { command: word }, { config: word }, { tests: word }]) {
      const run = await runStep(cwd, { command: "lint", ...inputs });
      expect(run.code).toBe(2);
      const found = commandsIn(run.log).filter(({ name }) => name !== "add-mask");
      expect(found.map(({ name }) => name)).toEqual(["error"]);
      expect(run.log).not.toMatch(obeyed);
      expect(run.log.length).toBeLessThan(5_000);
      expect(run.summary).not.toMatch(obeyed);
      expect(run.summary.length).toBeLessThan(5_000);
      expect(run.summary.match(/^#+ /gm)).toHaveLength(1);
    }
  });
});
