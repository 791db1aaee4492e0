import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type SshServer, startSshServer } from "../../../lab/sshd.ts";
import { waitFor } from "../../../lab/wait.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { actionNode } from "../../support/action-node.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

// The built faces, with what keeps a process alive put into them from outside. Each ends within the time of its test: with
// the handle left open it would live for ever.

const quick = { timeout: 25_000 };
const leak = `
require("node:net").createServer().listen(0, "127.0.0.1");
require("node:child_process").spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
setInterval(() => {}, 1000);
`;

const keys = newDeployKey("test");
let host: SshServer;
/** Called when the host was asked for a program, which it never starts. */
let asked = () => {};
beforeAll(async () => {
  host = await startSshServer({
    authorizedKeys: [keys.publicKey],
    user: "tute_deploy",
    home: "/",
    answer: () => asked(),
  });
});
afterAll(() => host?.stop());

interface Face {
  child: ChildProcess;
  /** Of both outputs, so far. */
  text(): string;
  closed: Promise<number | null>;
}

/** Starts a face in a project whose one host logs in, and then says nothing. */
function start(face: "cli" | "action", fault: string, given: string[] | Record<string, string>): Face {
  const project = repository({
    ...djangoFiles(),
    "requirements.txt": "# nothing\n",
    "djdeploy.yml": `app: tute\ntest: {command: false}\nenvironments:\n  production:\n    hosts: ["${host.host}:${host.port}"]\n    known-hosts: ${JSON.stringify(host.knownHosts)}\n`,
  });
  const folder = temporaryFolder();
  const at = (name: string, text = "") => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const inputs = Array.isArray(given) ? {} : given;
  const words = Array.isArray(given) ? given : [];
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    GITHUB_WORKSPACE: project.directory,
    GITHUB_EVENT_PATH: at("event.json", "{}"),
    GITHUB_OUTPUT: at("output"),
    GITHUB_STATE: at("state"),
    GITHUB_STEP_SUMMARY: at("summary"),
    GITHUB_EVENT_NAME: "push",
    RUNNER_TEMP: folder,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name}`, value])),
  };
  const bundle = join(process.cwd(), "dist", face, "index.js");
  const child = spawn(
    face === "cli" ? process.execPath : actionNode(),
    ["--require", at("fault.cjs", fault), "--", bundle, ...words],
    { cwd: project.directory, env, stdio: ["ignore", "pipe", "pipe"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const closed = once(child, "close").then(([code]) => code as number | null);
  return { child, closed, text: () => Buffer.concat(chunks).toString("utf8") };
}

const onHost = () => {
  const key = join(temporaryFolder(), "key");
  writeFileSync(key, keys.privateKey, { mode: 0o600 });
  return ["--identity", key, "--ssh-config", "none"];
};

describe("what was left open does not keep a face alive behind its result", quick, () => {
  it("the command line, whose work is done", async () => {
    const { closed, text } = start("cli", leak, ["--version"]);
    expect(await closed).toBe(0);
    expect(text()).toMatch(/^djdeploy \S+\n$/);
  });

  it("the command line, whose exit code says why it is not", async () => {
    const { closed, text } = start("cli", leak, ["status", "nowhere"]);
    expect(await closed).toBe(2);
    expect(text()).toContain("there is no environment");
  });

  it("the action", async () => {
    const { closed, text } = start("action", leak, { COMMAND: "deploy", ENVIRONMENT: "nowhere" });
    expect(await closed).toBe(2);
    expect(text()).toContain("::error");
  });

  it("and a reader that takes its time gets all of it", async () => {
    const slow = `
const { Writable } = require("node:stream");
const { writeSync } = require("node:fs");
let wait = 2200; // longer than the process may live behind its result
const write = (chunk, _, done) => setTimeout(() => { writeSync(1, chunk); done(); }, wait).ref() && (wait = 0);
Object.defineProperty(process, "stdout", { value: new Writable({ write, decodeStrings: true }) });
`;
    const { closed, text } = start("cli", leak + slow, ["--help"]);
    expect(await closed).toBe(0);
    expect(text()).toContain("djdeploy <verb> --help");
  });

  it("one signal behind the result is enough, and changes nothing of its exit code", async () => {
    const { child, closed } = start("cli", leak, ["status", "nowhere"]);
    await once(child.stderr!, "data");
    child.kill("SIGTERM");
    expect(await closed).toBe(2);
  });
});

describe("a signal ends what waits for a host that says nothing", quick, () => {
  const waits = () =>
    new Promise<void>((resolve) => {
      asked = resolve;
    });

  it.each([
    ["SIGINT", "status"],
    ["SIGTERM", "releases"],
    ["SIGTERM", "setup --yes --user tute_deploy"],
    ["SIGTERM", "deploy --skip-lint --wait"],
    ["SIGINT", "run -- manage.py shell"],
    ["SIGTERM", "logs"],
    ["SIGHUP", "deploy --skip-lint"],
  ] as const)("%s and %s", async (signal, line) => {
    const waiting = waits();
    const [verb, ...options] = line.split(" ");
    const split = options.indexOf("--");
    const rest = split < 0 ? [] : options.splice(split);
    const { child, closed, text } = start("cli", "", [verb!, "production", ...options, ...onHost(), ...rest]);
    await Promise.race([waiting, closed.then(() => expect.fail(text()))]);
    child.kill(signal);
    expect(await closed, text()).not.toBeNull();
    expect(await closed).not.toBe(0);
  });

  it("SIGINT and values from a pipe into which nobody writes", async () => {
    const pipe = join(temporaryFolder(), "values");
    execFileSync("mkfifo", [pipe]);
    const { child, closed, text } = start("cli", "", [
      "status",
      "production",
      "--env-file",
      pipe,
      ...onHost(),
    ]);
    const opened = () => {
      const fds = `/proc/${child.pid}/fd`;
      return readdirSync(fds).some((fd) => existsSync(join(fds, fd)) && readlinkSync(join(fds, fd)) === pipe);
    };
    await waitFor(opened, { timeoutMs: 10_000, what: "the pipe to be opened" });
    child.kill("SIGINT");
    expect(await closed, text()).toBe(2);
    expect(text()).toContain("interrupted while reading");
  });

  it("SIGINT and the action", async () => {
    const waiting = waits();
    const inputs = {
      COMMAND: "deploy",
      "SSH-PRIVATE-KEY": keys.privateKey,
      TESTS: "checked",
      "FAIL-LEVEL": "never",
    };
    const { child, closed, text } = start("action", "", inputs);
    await Promise.race([waiting, closed.then(() => expect.fail(text()))]);
    child.kill("SIGINT");
    expect(await closed).toBe(1);
    expect(text()).toContain("the run was cancelled");
  });
});

describe("the second signal means now", quick, () => {
  const deaf = `AbortController.prototype.abort = () => process.stderr.write("heard\\n");`;

  it.each(["cli", "action"] as const)("%s", async (face) => {
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const inputs = {
      COMMAND: "deploy",
      "SSH-PRIVATE-KEY": keys.privateKey,
      TESTS: "checked",
      "FAIL-LEVEL": "never",
    };
    const given = face === "cli" ? ["status", "production", ...onHost()] : inputs;
    const { child, closed, text } = start(face, deaf, given);
    await Promise.race([waiting, closed.then(() => expect.fail(text()))]);
    const heard = new Promise((resolve) => child.stderr?.on("data", resolve));
    child.kill("SIGINT");
    await heard;
    child.kill("SIGTERM");
    expect(await closed).toBe(130);
  });
});
