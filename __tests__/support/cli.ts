import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command line in this process: its words, its folder, what is piped in. */
export async function djdeploy(
  words: string[],
  options: { cwd?: string; input?: string; env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Ran> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: Io = {
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? "/",
    signal: options.signal ?? new AbortController().signal,
  };
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await main(words, io);
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}
