import { readFileSync } from "node:fs";
import { waitFor } from "./wait.ts";

/** A process that can not be mistaken for a later one with the same id: `start` is its start in clock ticks. */
export type ProcessId = { pid: number; start: string };

/** Who runs under this id now; undefined for nobody and for a zombie. */
export function processId(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces: fields are counted from behind it. state is field 3, starttime 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields[0], fields[19]];
    return start === undefined || state === "Z" || state === "X" ? undefined : { pid, start };
  } catch {
    return undefined;
  }
}

export function isAlive(id: ProcessId): boolean {
  return processId(id.pid)?.start === id.start;
}

export function childrenOf(pid: number): ProcessId[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter(Boolean)
      .map((child) => processId(Number(child)))
      .filter((id) => id !== undefined);
  } catch {
    return [];
  }
}

export function signal(id: ProcessId, name: NodeJS.Signals): void {
  try {
    if (isAlive(id)) process.kill(id.pid, name);
  } catch {
    // It ended in between.
  }
}

export async function untilGone(ids: ProcessId[], timeoutMs: number): Promise<void> {
  const what = `the end of process ${ids.map((id) => id.pid).join(", ")}`;
  await waitFor(() => !ids.some(isAlive), { timeoutMs, what, everyMs: 10 });
}
