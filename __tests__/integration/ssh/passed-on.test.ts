import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { eachLine } from "../../../src/release/log-lines.ts";
import { run } from "../../../src/release/run.ts";
import type { RunContext } from "../../../src/release/types.ts";
import { connected, server, targetOf } from "./setup.ts";

// What a host says is passed on by `run` and `logs`: it decides neither whether all is well nor how much memory that takes.

it.each([0, 1, 255])("exit code %s of a command is ours", async (code) => {
  expect(await codeOf(code)).toBe(code);
});

it.each([256, 65_536, 2 ** 31, 2 ** 32 - 1])(
  "what is no exit code of a process is not made one: %s",
  async (code) => {
    await expect(codeOf(code)).rejects.toMatchObject({
      code: "run.ended",
      exitCode: 1,
      details: { seen: `exit code ${code}` },
    });
  },
);

async function codeOf(code: number): Promise<number> {
  const host = await server({
    answer: (channel) => {
      channel.exit(code);
      channel.end();
    },
  });
  const context = {
    config: { app: "tute", release: { path: "/srv/tute" }, server: { scope: "user" }, hosts: [] },
    targets: [targetOf(host)],
    signal: new AbortController().signal,
  } as unknown as RunContext;
  const streams = { stdin: new PassThrough().end(), stdout: new PassThrough(), stderr: new PassThrough() };
  return run(context, ["true"], streams);
}

it("a log is read no faster than it is written on", async () => {
  const host = await server({
    answer: (channel) => {
      channel.write("a line\n".repeat(500_000));
      channel.exit(0);
      channel.end();
    },
  });
  const connection = await connected(host);
  let lines = 0;
  let behind = 0;
  let most = 0;
  const problem = await eachLine(await connection.open("exec tail"), null, () => {
    lines++;
    most = Math.max(most, ++behind);
    return new Promise<void>((resolve) =>
      setImmediate(() => {
        behind--;
        resolve();
      }),
    );
  });
  expect([problem, lines]).toEqual([null, 500_000]);
  // One packet of SSH holds less, a channel's window more.
  expect(most).toBeLessThan(20_000);
});
