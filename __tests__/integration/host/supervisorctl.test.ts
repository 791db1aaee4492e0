import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installSupervisor } from "../../../lab/embedded.ts";
import { waitFor } from "../../../lab/wait.ts";

const program = new URL("../../../src/host/files/supervisorctl.py", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "djd-supervisorctl-"));
const config = join(folder, "supervisord.conf");

const text = (more = "") => `[supervisord]
nodaemon=true
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
[unix_http_server]
file=${folder}/control
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${folder}/control ; as Debian writes it
${more}
${["ready", "stubborn", "ends"]
  .map(
    (name) => `[program:${name}]
command=/bin/sh ${folder}/${name}
autostart=false
autorestart=false
startsecs=0
stopwaitsecs=3
`,
  )
  .join("")}
[program:missing]
command=${folder}/nowhere
autostart=false
startretries=0
`;

let supervisor: ChildProcess;
let python: string;
beforeAll(async () => {
  writeFileSync(join(folder, "ready"), "exec sleep 120\n");
  writeFileSync(join(folder, "stubborn"), "trap '' TERM; while :; do sleep 1; done\n");
  writeFileSync(join(folder, "ends"), "exit 3\n");
  writeFileSync(config, text());
  python = join(await installSupervisor(), "bin", "python");
  supervisor = spawn(python, ["-m", "supervisor.supervisord", "-n", "-c", config], { stdio: "ignore" });
  await waitFor(() => existsSync(join(folder, "control")), { timeoutMs: 30_000, what: "supervisord" });
});
afterAll(async () => {
  const ended = new Promise((resolve) => supervisor.once("exit", resolve));
  supervisor.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true });
});

type Said = { code: number; text: string };
const run = (argv: string[]): Promise<Said> =>
  promisify(execFile)(argv[0]!, argv.slice(1)).then(
    ({ stdout }) => ({ code: 0, text: stdout.trim() }),
    ({ code, stdout, stderr }) => ({ code, text: `${stdout}${stderr}`.trim() }),
  );
const ask = (verb: string, name: string, file = config) =>
  run(["python3", "-I", "-S", program, "-c", file, verb, name]);
/** The name and state that supervisorctl itself prints. */
const asSaid = async (name: string) =>
  (await run([python, "-m", "supervisor.supervisorctl", "-c", config, "status", name])).text
    .split(/\s+/)
    .slice(0, 2)
    .join(" ");

test("starts, shows and stops a program, as supervisorctl says it is", async () => {
  expect((await ask("status", "ready")).text).toMatch(/^ready +STOPPED +Not started$/);
  expect(await asSaid("ready")).toBe("ready STOPPED");
  const started = await ask("start", "ready");
  expect(started).toEqual({ code: 0, text: expect.stringMatching(/^ready +RUNNING +pid [0-9]+$/) });
  expect(await ask("status", "ready")).toEqual(started);
  expect(await asSaid("ready")).toBe("ready RUNNING");
  const pid = started.text.split(" ").at(-1);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toBe("sleep\u0000120\u0000");
  expect(await ask("start", "ready")).toEqual({ code: 1, text: "ready: ERROR (ALREADY_STARTED: ready)" });
  expect((await ask("stop", "ready")).text).toMatch(/^ready +STOPPED /);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(await asSaid("ready")).toBe("ready STOPPED");
  expect(await ask("stop", "ready")).toEqual({ code: 1, text: "ready: ERROR (NOT_RUNNING: ready)" });
});

test("waits for one that refuses to end, which is seen meanwhile, with its pid", async () => {
  const pid = (await ask("start", "stubborn")).text.split(" ").at(-1);
  const stopping = ask("stop", "stubborn");
  await waitFor(async () => (await ask("status", "stubborn")).text.includes("STOPPING"), {
    timeoutMs: 20_000,
    what: "it to be told",
  });
  expect((await ask("status", "stubborn")).text).toMatch(new RegExp(`STOPPING +pid ${pid}$|STOPPED`));
  expect((await stopping).text).toMatch(/^stubborn +STOPPED /);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

test("what ends at once, can not be started or is not known", async () => {
  await ask("start", "ends");
  await waitFor(async () => (await ask("status", "ends")).text.includes("EXITED"), {
    timeoutMs: 20_000,
    what: "its end to be noticed",
  });
  const missing = await ask("start", "missing");
  expect(missing).toEqual({ code: 1, text: expect.stringMatching(/^missing: ERROR \(NO_FILE: .*nowhere/) });
  expect(await ask("status", "other")).toEqual({ code: 1, text: "other: ERROR (BAD_NAME: other)" });
});

test("no supervisord, and one that this program can not ask", async () => {
  const file = join(folder, "elsewhere.conf");
  writeFileSync(file, `[supervisorctl]\nserverurl=unix://${folder}/none\n`);
  expect(await ask("status", "ready", file)).toEqual({
    code: 1,
    text: `ready: ERROR (unix://${folder}/none No such file or directory)`,
  });
  expect((await ask("status", "ready", join(folder, "no.conf"))).text).toMatch(/ERROR \(.*No such file/);
  for (const section of [
    `serverurl=unix://${folder}/control\nusername=me\npassword=it`,
    "serverurl=http://localhost:9001",
    "prompt=x",
  ]) {
    writeFileSync(file, `[supervisorctl]\n${section}\n`);
    // supervisorctl's own turn: it is not on every machine, and nothing of ours answers in its place.
    expect((await ask("status", "ready", file)).text).not.toMatch(/^ready +[A-Z]+ /);
  }
});
