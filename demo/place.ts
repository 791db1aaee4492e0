import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder in which everything of the demo lives, and by which everything of it is found again. */
export interface Place {
  folder: string;
  /** Ends all processes that belong to the folder and removes it; gives a line for each thing that stayed. */
  close(): Promise<string[]>;
}

/** The longest path that a socket of the host adds to the folder, of the 107 bytes that Linux allows. */
const socketPath = "/host/counter/run/green.sock".length;

export function openPlace(): Place {
  const base = tmpdir().length + "/djdeploy-demo-XXXXXX".length + socketPath < 100 ? tmpdir() : "/tmp";
  const folder = mkdtempSync(join(base, "djdeploy-demo-"));
  // Whatever is started from here on has the folder in its environment, wherever it works and however it is called.
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  process.env["TMPDIR"] = temporary;
  return {
    folder,
    async close() {
      const stayed = await endAll(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      return stayed.map((pid) => `process ${pid} could not be ended`);
    },
  };
}

/** Asks nicely first: a server finishes its requests. Ends when none is left, or after ten seconds. */
async function endAll(folder: string): Promise<number[]> {
  const began = Date.now();
  for (;;) {
    const pids = processesOf(folder);
    const ms = Date.now() - began;
    if (pids.length === 0 || ms > 10_000) return pids;
    for (const pid of pids) {
      try {
        process.kill(pid, ms < 1000 ? "SIGTERM" : "SIGKILL");
      } catch {
        // It ended in between.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Processes with the folder in their command line, environment, or as where they work; we are not one of them. */
export function processesOf(folder: string): number[] {
  const mentions = (pid: number, name: string) =>
    quietly(() => readFileSync(`/proc/${pid}/${name}`, "utf8"))?.includes(folder);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter(
      (pid) =>
        mentions(pid, "cmdline") ||
        mentions(pid, "environ") ||
        quietly(() => readlinkSync(`/proc/${pid}/cwd`))?.startsWith(folder),
    );
}

/** Processes of others may not be looked at, and processes end. */
function quietly(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
