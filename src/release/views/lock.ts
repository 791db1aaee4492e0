import { formatAge } from "../../report/duration.ts";
import type { LockView } from "../types.ts";

/** `locked by anna for 5 min, with 1a2b3c4, https://…`. */
export function lockText(lock: LockView, now: Date): string {
  const revision = lock.revision ? `, with ${lock.revision.slice(0, 7)}` : "";
  const run = lock.runUrl ? `, ${lock.runUrl}` : "";
  const gone = lock.alive ? "" : "; its runner is gone, and what it began is brought to its end";
  return `locked by ${lock.actor} for ${formatAge(lock.since, now)}${revision}${run}${gone}`;
}
