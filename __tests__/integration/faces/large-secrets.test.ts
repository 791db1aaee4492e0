import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heard, watched } from "../../support/ends.ts";
import { leaks, watchArguments } from "../../support/leaks.ts";
import { runStep } from "../../support/runner.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

// Values that are large, many, or look like something else: the deploy works, and nothing of them is printed anywhere.

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const special = {
  SECRET_KEY: "a-long-and-random-enough-key-for-tests-0123456789-_xyzq",
  PATTERN: `(?:[^]+)*$|\\b${randomBytes(12).toString("hex")}{2,}(a+)+`,
  PEM: privateKey,
  ODD: `it's "${randomBytes(9).toString("base64")}" & <50%> \\ é`,
};
const many = Object.fromEntries(
  Array.from({ length: 1000 }, (_, at) => [`MANY_${at}`, randomBytes(24).toString("base64")]),
);
const pin = "7f";
const names = [...Object.keys(special), "BIG", "PIN", ...Object.keys(many)];

let play: Playground;
beforeAll(async () => {
  play = await startPlayground();
  const pins = JSON.stringify(play.host.ssh.knownHosts);
  await play.commit("djdeploy.yml", (text) =>
    text
      .replace("    nginx: none", `    nginx: none\n    known-hosts: ${pins}`)
      .replace("secrets: [SECRET_KEY]", `secrets: ${JSON.stringify(names)}`),
  );
});
afterAll(() => play?.stop());

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  argv: string;
}

/** The built command line as a process of its own. */
async function djdeploy(values: Record<string, string>, ...words: string[]): Promise<Ran> {
  const quoted = (value: string) => value.replace(/[\\"]/g, "\\$&");
  const input = Object.entries(values).map(([name, value]) => `${name}="${quoted(value)}"\n`);
  const options = ["--identity", play.host.keyFile, "--ssh-config", "none", "--yes"];
  const args = [
    ...watched,
    "--",
    join(process.cwd(), "dist/cli/index.js"),
    ...words,
    ...options,
    "--env-file",
    "-",
  ];
  const stop = watchArguments();
  const child = spawn(process.execPath, args, {
    cwd: play.project,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
  });
  child.stdin.end(input.join(""));
  return { ...(await heard(child)), argv: stop() };
}

/** Every step that imports the application prints every value in several ways. */
const shout = `
import base64, json, os, sys
for _name, _value in sorted(os.environ.items()):
    if _name in ("BIG", "PEM", "ODD", "PATTERN", "SECRET_KEY") or _name.startswith("MANY_1"):
        print(_name, _value)
        print(json.dumps({"again": json.dumps({_name: _value})}), base64.encodebytes(_value.encode()).decode())
        print(_value[:9999].encode().hex(), "\\x1b[31m" + _value[:9] + "\\x1b[0m" + _value[9:])
sys.stdout.flush()
`;
/** And the server fails with some of them. */
const fail = `
import os
raise RuntimeError("no good: " + os.environ["ODD"] + os.environ["PATTERN"] + os.environ["BIG"][:5000])
`;
const wsgi = "counter/wsgi.py";
const imported = "visits/__init__.py";

describe("1 MB, and 1 000 values, through the command line", () => {
  const values = { ...special, ...many, BIG: randomBytes(3 << 18).toString("base64"), PIN: pin };

  it("are deployed, and stand nowhere but in the environment's own files", async () => {
    const { code, stdout, stderr, argv } = await djdeploy(values, "deploy", "--skip-tests", "--verbose");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("warning: PIN: the value is shorter than 4 characters or a common word");
    expect(leaks(stdout + argv, { ...values, PIN: "\0" })).toEqual([]);
    const args = ["-rlF", values.BIG.slice(1000, 1060), play.host.site];
    const files = execFileSync("grep", args, { encoding: "utf8" }).trim().split("\n");
    for (const file of files) {
      expect(file).toMatch(/\/env\/[^/]+\.json$/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it("are what the release sees", async () => {
    const manage = (...args: string[]) =>
      execFileSync(join(play.host.site, "bin/manage"), args, { encoding: "utf8", maxBuffer: 1 << 24 });
    const look = `import os, json; print(json.dumps([os.environ["BIG"], os.environ["MANY_999"], os.environ["PEM"]]))`;
    expect(JSON.parse(/^\[.*\]$/m.exec(manage("shell", "-c", look))![0])).toEqual([
      values.BIG,
      many.MANY_999,
      privateKey,
    ]);
  });

  it("are hidden where the release prints them and fails", async () => {
    await play.commit(imported, (text) => text + shout);
    await play.commit(wsgi, (text) => text + fail);
    const words = ["deploy", "--skip-tests", "--skip-lint", "--verbose", "--format", "json"];
    const ran = await djdeploy(values, ...words);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(/no good: \*\*\*/);
    expect(leaks(ran.stdout + ran.stderr + ran.argv, { ...values, PIN: "\0" })).toEqual([]);
  });
});

describe("40 KB, and 1 000 values, through the action", () => {
  const values = { ...special, BIG: randomBytes(30_000).toString("base64"), PIN: pin };
  const step = () => {
    // As much as Linux hands the runner's Node in one variable.
    const secrets = Object.entries(many).map(([name, value]) => `${name}=${value}\n`);
    const inputs = {
      "ssh-private-key": play.host.privateKey,
      "known-hosts": play.host.ssh.knownHosts.join("\n"),
      tests: "checked",
      secrets: secrets.join(""),
    };
    return runStep(play.project, inputs, { env: values });
  };

  it("are hidden where the release prints them and fails", async () => {
    const { code, log, summary, outputs, annotations } = await step();
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ result: "kept-old" });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]).toContain("no good: ***");
    expect(log).toContain("warning: PIN: the value is");
    const shown = log.replace(/^::add-mask::.*\n/gm, "");
    const report = readFileSync(outputs["report"]!, "utf8");
    const key = { KEY: play.host.privateKey.split("\n")[2]! };
    const all = { ...values, ...many, ...key, PIN: "\0" };
    expect(leaks(shown + summary + report + JSON.stringify(outputs), all)).toEqual([]);
  });
});
