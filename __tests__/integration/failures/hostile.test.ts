import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerChannel } from "ssh2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SshServer, startSshServer } from "../../../lab/sshd.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { agentOn } from "../../support/hostile/agent.ts";
import { measured } from "../../support/hostile/measured.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

// The command line as a process against hosts that do their worst, at full size: one error, its cause, and no more memory
// than a runner has to spare.

const keys = newDeployKey("test");
const MB = 1 << 20;

/** What the host does with a channel on which our agent is to run. */
type Act = (channel: ServerChannel) => void;
let server: SshServer;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "djd-hostile-"));
  server = await startSshServer({
    authorizedKeys: [keys.publicKey],
    user: "tute_deploy",
    home,
    answer: (channel, command) => {
      channel.on("error", () => {});
      // The agent is told where its application lies: each case has a place of its own.
      const number = Number(/\/case(\d+)\//.exec(command)?.[1]);
      Object.values(cases)[number]?.act(channel);
    },
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Writes so many pieces, as fast as they are taken. */
function pour(
  to: NodeJS.WritableStream & { destroyed?: boolean },
  piece: Buffer | string,
  count: number,
): void {
  let left = count;
  const more = () => {
    while (left > 0 && to.writable && !to.destroyed) {
      left--;
      if (!to.write(piece)) return void to.once("drain", more);
    }
  };
  more();
}

/** Answers each question so. */
const answering =
  (say: (channel: ServerChannel, id: number, op: string) => void): Act =>
  (channel) =>
    agentOn(channel, channel, (op, id) => {
      if (op !== "ping") say(channel, id, op);
    });

const long = (channel: ServerChannel) => pour(channel, Buffer.alloc(MB, "x"), 200);

const cases: Record<string, { verb: string; act: Act; code: string; exit?: number; says: string }> = {
  "200 MB in one line": { verb: "status", act: answering(long), code: "host.answer", says: "at most 12 MiB" },
  "200 MB before the agent speaks": {
    verb: "plan",
    act: long,
    code: "host.agent",
    says: "the login shell prints without end",
  },
  "200 MB of a login shell's lines": {
    verb: "status",
    act: (channel) => pour(channel, "All work and no play\n".repeat(50_000), 200),
    code: "host.agent",
    says: "All work and no play",
  },
  "200 MB of standard error, then no JSON": {
    verb: "status",
    act: answering((channel) => {
      pour(channel.stderr as NodeJS.WritableStream, Buffer.alloc(MB, "e"), 200);
      channel.write("boo\n");
    }),
    code: "host.answer",
    says: "boo",
  },
  "a line of nothing but brackets": {
    verb: "status",
    act: answering((channel) => void channel.write(`${"[".repeat(11 * MB)}\n`)),
    code: "host.answer",
    says: "at most 300000 values",
  },
  "a line of nothing but empty lists, as many as may be": {
    verb: "status",
    act: answering(
      (channel, id) => void channel.write(`{"id":${id},"ok":{"pythons":[${"[],".repeat(80_000)}[]]}}\n`),
    ),
    code: "host.answer",
    says: "ok",
  },
  "a list of a hundred thousand wrong rows": {
    verb: "status",
    act: answering((channel, id) => void channel.write(`{"id":${id},"ok":[${"1,".repeat(100_000)}1]}\n`)),
    code: "host.answer",
    says: "a list of 100001",
  },
  "waiting messages without end": {
    verb: "deploy",
    act: answering((channel, id) =>
      pour(
        channel,
        `${JSON.stringify({ id, log: { waiting: { actor: "somebody" } } })}\n`.repeat(1000),
        2_000,
      ),
    ),
    code: "host.answer",
    says: "at most 1000 messages",
  },
  "null for its facts": {
    verb: "deploy",
    act: answering((channel, id) => void channel.write(`{"id":${id},"ok":null}\n`)),
    code: "host.answer",
    says: "null",
  },
  "an answer that was not asked for": {
    verb: "plan",
    act: answering((channel) => void channel.write('{"id":77,"ok":{}}\n')),
    code: "host.answer",
    says: "one to question 77",
  },
  "a crash of 10 MB": {
    verb: "status",
    act: answering(
      (channel, id) => void channel.write(`${JSON.stringify({ id, crash: "x".repeat(10 * MB) })}\n`),
    ),
    code: "host.crash",
    says: "the agent on 127.0.0.1",
  },
};

const numbered = Object.entries(cases).map(([name, one], number) => ({ name, number, ...one }));

it.concurrent.each(numbered)("$name", async ({ number, verb, says, code, exit = 1 }) => {
  const directory = join(home, `case${number}`);
  mkdirSync(directory);
  const files = {
    ...djangoFiles(),
    "djdeploy.yml": `app: tute
test: {command: false}
release: {path: ${directory}/site}
environments:
  production:
    hosts: ["tute_deploy@127.0.0.1:${server.port}"]
    known-hosts: |
${server.knownHosts.map((pin) => `      ${pin}\n`).join("")}`,
  };
  repository(files, directory);
  const identity = join(directory, "..", `id${number}`);
  writeFileSync(identity, keys.privateKey, { mode: 0o600 });
  const lint = verb !== "deploy" ? [] : ["--skip-lint"];
  const words = [verb, "production", ...lint, "--identity", identity, "--ssh-config", "none"];
  const ran = await measured([...words, "--format", "json"], directory);
  const told = `${ran.stdout}${ran.stderr}`;
  expect(told).toContain(`"${code}"`);
  expect(told).toContain(says);
  expect(ran.code).toBe(exit);
  expect(told.length).toBeLessThan(200_000);
  expect(ran.peakMb).toBeLessThan(200);
});
