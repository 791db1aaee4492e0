import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

const secret = "a-long-and-random-enough-key-for-tests-0123456789-_xyzq";
let play: Playground;
let first: string;

beforeAll(async () => {
  play = await startPlayground();
  const pins = JSON.stringify(play.host.ssh.knownHosts);
  await play.commit("djdeploy.yml", (text) =>
    text.replace("    nginx: none", `    nginx: none\n    known-hosts: ${pins}`),
  );
});
afterAll(() => play.stop());

/** A verb through the command line, against the throw-away host. */
function verb(words: string[], input?: string) {
  const end = words.indexOf("--");
  const options = ["--identity", play.host.keyFile, "--ssh-config", "none", "--yes"];
  const all = end < 0 ? [...words, ...options] : [...words.slice(0, end), ...options, ...words.slice(end)];
  return djdeploy(all, {
    cwd: play.project,
    env: { HOME: "/nonexistent" },
    ...(input === undefined ? {} : { input }),
  });
}

async function json(words: string[], input?: string) {
  const { code, stdout, stderr } = await verb([...words, "--format", "json"], input);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { code, stderr, lines, last: lines.at(-1) };
}

describe("the way of a release through the command line", () => {
  it("plan says what deploy would do", async () => {
    const { code, last } = await json(["plan"]);
    expect(code).toBe(0);
    expect(Object.keys(last)).toEqual(
      expect.arrayContaining(["hosts", "steps", "migrations", "files", "dependencies", "risks"]),
    );
    const { stdout } = await verb(["plan", "production"]);
    expect(stdout).toMatch(/^Would deploy [0-9a-f]{7} to production\n/);
    expect(stdout).toContain("SECRET_KEY has no value on 127.0.0.1");
  });

  it("a missing secret is exit code 2 with the command that stores it", async () => {
    const { code, stderr } = await verb(["deploy", "--skip-tests"]);
    expect(code).toBe(2);
    expect(stderr).toContain("SECRET_KEY");
    expect(stderr).toContain("djdeploy env production set SECRET_KEY");
  });

  it("deploy ends with the contract's result", async () => {
    const { code, last, lines } = await json(
      ["deploy", "--skip-tests", "--env-file", "-"],
      `SECRET_KEY='${secret}'\nOTHER=1\n`,
    );
    expect(code).toBe(0);
    expect(last).toMatchObject({
      code: "result",
      result: "deployed",
      environment: "production",
      previousRelease: null,
    });
    expect(last.hosts).toEqual([
      expect.objectContaining({ result: "deployed", release: last.release, proof: expect.any(String) }),
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret);
    first = last.release;
  });

  it("status and releases show it", async () => {
    expect((await json(["status"])).last.hosts).toEqual([
      expect.objectContaining({ release: first, proven: true, lock: null }),
    ]);
    expect((await json(["releases"])).last.releases).toEqual([
      expect.objectContaining({ id: first, live: true, actor: expect.any(String) }),
    ]);
    expect((await verb(["status"])).stdout).toMatch(
      new RegExp(`^127\\.0\\.0\\.1 {2}${first} .*, live, proven\n`),
    );
    expect((await verb(["releases"])).stdout).toContain(`*  ${first}`);
  });

  it("run gives the command its input and takes its exit code", async () => {
    const ran = await verb(
      ["run", "--", "python", "-c", "import sys; print(sys.stdin.read().upper()); sys.exit(7)"],
      "hello",
    );
    expect(ran).toMatchObject({ code: 7, stdout: "HELLO\n" });
  });

  it("logs shows the server's output", async () => {
    const { code, stdout } = await verb(["logs", "--lines", "20"]);
    expect(code).toBe(0);
    expect(stdout).toContain("GET /");
  });

  it("env stores a value from standard input and never shows it", async () => {
    const { code, stdout, stderr } = await verb(["env", "production", "set", "TOKEN"], "hunter2hunter2\n");
    expect(code).toBe(0);
    expect(stdout).toContain("TOKEN");
    expect(stdout + stderr).not.toContain("hunter2");
    expect((await json(["env", "list"])).last.entries).toContainEqual(
      expect.objectContaining({ name: "TOKEN" }),
    );
    expect((await verb(["env", "unset", "TOKEN"])).stdout).not.toContain("TOKEN");
  });

  it("unlock says that nobody holds the lock", async () => {
    expect(await verb(["unlock"])).toMatchObject({ code: 0, stdout: "production is not locked\n" });
  });

  it("the second release can be rolled back", async () => {
    await play.commit("visits/views.py", (text) => `${text}# changed\n`);
    const { code, stdout } = await verb(["deploy", "--skip-tests"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`back to it: djdeploy rollback production`);
    const back = await json(["rollback"]);
    expect(back.code).toBe(0);
    expect(back.last).toMatchObject({ result: "rolled-back", release: first });
  });
});
