import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownFiles } from "../../../src/host/release-files.ts";

// Linux takes 128 KiB in one variable and about a quarter of the stack in all: the launcher of a release gets around it.

const site = mkdtempSync(join(tmpdir(), "djd-large-"));
const release = join(site, "releases/20261120T110455Z-1a2b3c4");
const big = "s3cret/".repeat(150_000);
const venv = join(site, "venvs/key");

beforeAll(async () => {
  for (const file of ownFiles()) {
    const path = join(release, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await file.read(), { mode: file.executable ? 0o755 : 0o644 });
  }
  mkdirSync(join(site, "env"));
  mkdirSync(join(site, "shared/home"), { recursive: true });
  execFileSync("python3", ["-m", "venv", "--without-pip", venv]);
  const tool = `import os, sys\nprint(len(os.environ["BIG"]), sys.argv[1:])\n`;
  writeFileSync(join(venv, "bin/tool"), `#!${venv}/bin/python\n${tool}`, { mode: 0o755 });
  const around = `#!/bin/sh\n'''exec' "${venv}/bin/python" "$0" "$@"\n' '''\n${tool}`;
  writeFileSync(join(venv, "bin/long-path"), around, { mode: 0o755 });
  writeFileSync(join(release, "sitecustomize.py"), "import sys\nsys.project_was_here = True\n");
  const processes = { worker: "tool -A shop", piped: "tool | cat", binary: "sleep 1" };
  const spec = { venv: "key", root: ".", env: "1", settings: "shop.settings", processes };
  writeFileSync(join(release, ".djdeploy/launch.json"), JSON.stringify(spec));
});
afterAll(() => rmSync(site, { recursive: true, force: true }));

function launch(values: Record<string, string>, ...args: string[]) {
  writeFileSync(join(site, "env/1.json"), JSON.stringify({ values }), { mode: 0o600 });
  const { status, stdout, stderr } = spawnSync(join(release, ".djdeploy/launch"), args, { encoding: "utf8" });
  // The first line of what a manager starts is the launcher's own.
  const said = stderr.replace(/^djdeploy: \S+ starts\n/, "");
  return { status, stdout: stdout.trim(), stderr: said.trim() };
}

const python = (values: Record<string, string>, program: string) => {
  const { status, stdout, stderr } = launch(values, "python", "-c", `import json, os, sys\n${program}`);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

const seen = `print(json.dumps([len(os.environ["BIG"]), os.environ["SMALL"]]))`;

it("what a manager starts says first of which release it is: in the log the one before it stands above", () => {
  writeFileSync(join(site, "env/1.json"), JSON.stringify({ values: {} }), { mode: 0o600 });
  const { stderr } = spawnSync(join(release, ".djdeploy/launch"), ["process", "binary"], {
    encoding: "utf8",
  });
  expect(stderr).toBe(`djdeploy: ${basename(release)} starts\n`);
  expect(launch({}, "exec", "true")).toEqual({ status: 0, stdout: "", stderr: "" });

  const full = openSync("/dev/full", "w");
  const process = join(release, ".djdeploy/launch");
  const unheard = spawnSync(process, ["process", "binary"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", full],
  });
  closeSync(full);
  expect(unheard.status).toBe(spawnSync(process, ["process", "binary"]).status);
});

describe("a value that Linux would not hand over", () => {
  const values = { BIG: big, SMALL: "x" };

  it("is there in Python, whole", () => {
    const hash = `import hashlib\nprint(json.dumps(hashlib.sha256(os.environb[b"BIG"]).hexdigest()))`;
    const expected = execFileSync("sha256sum", { input: big, encoding: "utf8" }).slice(0, 64);
    expect(python(values, hash)).toBe(expected);
  });

  it("and changes nothing else for it", () => {
    const look = `print(json.dumps([sys.path, sys.argv, getattr(sys, "project_was_here", False), os.getcwd(),
      {n: v for n, v in os.environ.items() if n not in ("BIG", "SMALL", "PYTHONPATH") and not n.startswith("DJDEPLOY_CARRIED")}]))`;
    expect(python(values, look)).toEqual(python({ BIG: "x", SMALL: "x" }, look));
  });

  it("also in what is started from there: Python has it, and any program starts", () => {
    const child = `import subprocess
subprocess.run([sys.executable, "-c", ${JSON.stringify(`import json, os\n${seen}`)}], check=True)`;
    expect(python(values, child)).toEqual([big.length, "x"]);
    const other = `import subprocess\nprint(json.dumps(subprocess.check_output(["echo", "fine"], text=True)))`;
    expect(python(values, other)).toBe("fine\n");
    writeFileSync(
      join(release, "pool.py"),
      `import json, multiprocessing, os
def size(_): return len(os.environ["BIG"])
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool: print(json.dumps(pool.map(size, [0])))
`,
    );
    expect(launch(values, "python", "pool.py")).toEqual({ status: 0, stdout: `[${big.length}]`, stderr: "" });
  });

  it("in the scripts of packages, and in processes that begin with one", () => {
    for (const args of [
      ["exec", "tool", "-A", "shop"],
      ["exec", "long-path", "-A", "shop"],
      ["process", "worker"],
    ]) {
      expect(launch(values, ...args)).toEqual({
        status: 0,
        stdout: `${big.length} ['-A', 'shop']`,
        stderr: "",
      });
    }
  });

  it.each([
    ["a binary", ["exec", "sleep", "1"]],
    ["a shell's command", ["process", "piped"]],
    ["a process that is a binary", ["process", "binary"]],
    ["Python that looks at nothing", ["python", "-I", "-c", "print()"]],
  ])("%s does not start without it: one error with its name", (_what, args) => {
    const { status, stdout, stderr } = launch(values, ...args);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^launch: \S+: BIG has 1050000 bytes; Linux hands a program at most 131071 bytes in one/,
    );
    expect(stderr).toMatch(/put it into a file and give the file's path$/);
    expect(stderr).not.toContain("s3cret");
  });
});

describe("many values that are too much together", () => {
  const values: Record<string, string> = { BIG: "b", SMALL: "x" };
  for (let at = 0; at < 1000; at++) values[`SECRET_${at}`] = `${at}-`.padEnd(9_000, "v");

  it("are all there in Python", () => {
    const sum = `print(json.dumps(sum(len(v) for n, v in os.environ.items() if n.startswith("SECRET_"))))`;
    expect(python(values, sum)).toBe(9_000_000);
  });

  it("and no other program starts", () => {
    const { status, stderr } = launch(values, "exec", "sleep", "0");
    expect(status).toBe(1);
    expect(stderr).toMatch(/SECRET_\d+ \(and \d+ more\) has 9000 bytes/);
    expect(stderr).not.toContain("vvvv");
  });
});

it("what is not too large is handed over as ever", () => {
  const values = { BIG: "b".repeat(100_000), SMALL: "x" };
  const look = `print(json.dumps([os.environ["PYTHONPATH"], "DJDEPLOY_CARRIED" in os.environ, len(os.environ["BIG"])]))`;
  expect(python(values, look)).toEqual([release, false, 100_000]);
  expect(launch(values, "exec", "sh", "-c", 'printf %s "$BIG" | wc -c').stdout).toBe("100000");
});
