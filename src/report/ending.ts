import type { Writable } from "node:stream";

/** From the result to the end of the process, in ms, where a handle was left open: the contract says 2 s. */
const netMs = 1_500;

/** What ended by a second signal says to whoever started it. */
const now = 130;

let result: number | null = null;
let signals = 0;

/**
 * SIGINT, SIGTERM and SIGHUP (the terminal is gone; Node does not keep it ignored for nohup either): the first asks `stop` to end the run in order, the second ends the process at once; one that comes
 * when the result is out ends it with that result's code.
 */
export function onSignals(stop: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      signals++;
      if (result !== null || signals > 1) process.exit(result ?? now);
      stop();
    });
  }
}

/**
 * The end of a face once its result is written. Whoever opened a connection, a timer or a program closes it: those are
 * the owners, and with nothing left open the process ends by itself, at once. This is the net below them: what an owner
 * forgot, or a library of others holds, can not keep the process. It waits for the readers of what was written first.
 */
export async function endWith(code: number): Promise<void> {
  result = code;
  process.exitCode = code;
  await Promise.all([written(process.stdout), written(process.stderr)]);
  setTimeout(() => process.exit(code), netMs).unref();
}

/** Resolves when the reader has what was written, or is gone. */
function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) return resolve();
    stream.once("error", () => resolve());
    stream.once("close", () => resolve());
    stream.write("", () => resolve());
  });
}
