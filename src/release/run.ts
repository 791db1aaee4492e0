import type { Readable, Writable } from "node:stream";
import { notYetSupported } from "../errors.ts";
import type { RunContext } from "./types.ts";

/** Runs a command in the live release of the first host with its environment; resolves with its exit code. */
export async function run(
  _context: RunContext,
  _argv: string[],
  _streams: { stdin: Readable; stdout: Writable; stderr: Writable },
): Promise<number> {
  throw notYetSupported("run");
}
