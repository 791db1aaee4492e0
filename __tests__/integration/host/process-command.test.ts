import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { askPython } from "../../support/host-python.ts";

// Which commands of processes: are started without a shell in front of them, and that they mean the same then.

/** [command, whether a shell stays]; what each does is judged by sh itself. */
const commands: [string, boolean][] = [
  ["python3 -c 'print(1)' 2>&1", false],
  ["python3 -c \"print('a | b; c & d')\"", false],
  ["GREETING='a b' OTHER=2 env 2>/dev/null", false],
  [">&2 echo to-the-other-side", false],
  ['printf \'%s\\n\' a\\;b "it\'s" "\\"quoted\\""', false],
  ['echo "$HOME" ~ *.txt', false],
  ["cat </dev/null", false],
  ["echo one && echo two", true],
  ["echo one | cat", true],
  ["cd / && pwd", true],
  ["cd /", true],
  ["exec echo one", true],
  ["echo one; echo two", true],
  ["(echo one)", true],
  ["echo $(echo one)", true],
  ["echo `echo one`", true],
  ["sh -c 'echo one; echo two'", true],
  ["if true; then echo one; fi", true],
  ["echo one # two", true],
  ["echo one\necho two", true],
  ["exit 7", true],
  ["nowhere-to-be-found 2>&1", false],
];

it.each(commands)("%s", (command, stays) => {
  const cwd = mkdtempSync(join(tmpdir(), "djd-command-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const folder = new URL("../../../src/host/files", import.meta.url).pathname;
  const argv = askPython<string[]>(
    "import djd_process, json\nprint(json.dumps(djd_process.argv(sys.argv[1], sys.argv[2])))",
    command,
    folder,
  );
  expect(argv[0] !== "/bin/sh").toBe(stays);
  const env = { PATH: process.env["PATH"] ?? "", HOME: "/somewhere" };
  const run = ([program = "", ...words]: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: "utf8" });
    const said = (text: string) =>
      text
        .replace(/^(_|PWD|OLDPWD|LC_CTYPE|SHLVL)=.*\n/gm, "")
        .replace(/^\S*sh: (line )?\d+: (exec: )?/gm, "");
    return { status, stdout: said(stdout), stderr: said(stderr) };
  };
  expect(run(argv)).toEqual(run(["/bin/sh", "-c", command]));
});

it("a stop reaches all that a shell began, and is over when the last of them is", () => {
  const folder = new URL("../../../src/host/files", import.meta.url).pathname;
  const worker = `import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), print("task done", flush=True), sys.exit(0)))
print("up", flush=True)
time.sleep(60)`;
  const program = `
import json, os, signal, subprocess, sys
import djd_process
started = subprocess.Popen(
    [sys.executable, "-I", os.path.join(sys.argv[1], "djd_process.py"), sys.argv[2]],
    stdout=subprocess.PIPE, start_new_session=True, text=True)
up = started.stdout.readline()
started.send_signal(signal.SIGTERM)
started.wait(timeout=20)
left = subprocess.run(["pgrep", "-r", "R,S,D", "-g", str(started.pid)], stdout=subprocess.PIPE, text=True).stdout
rest = started.stdout.read()
print(json.dumps([up, rest, left]))`;
  const command = `true && python3 -c '${worker.replaceAll("'", `'"'"'`)}'`;
  expect(askPython(program, folder, command)).toEqual(["up\n", "task done\n", ""]);
});
