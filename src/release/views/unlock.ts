import { createPaint, type Paint } from "../../report/paint.ts";
import type { UnlockView } from "../types.ts";
import { lockText } from "./lock.ts";

/** Who holds the locks, and which holders were ended. */
export function renderUnlock(view: UnlockView, now: Date, paint: Paint = createPaint(false)): string {
  if (view.locks.length === 0) return `${view.environment} is not locked\n`;
  const lines = view.locks.map((lock) => {
    const ended = view.ended.includes(lock.host) ? paint.good(" - ended, the lock is free") : "";
    return `${lock.host}: ${lockText(lock, now)}${ended}`;
  });
  if (view.ended.length === 0) {
    lines.push(
      "A holder that hangs is ended by: djdeploy unlock ENV --force REASON".replace("ENV", view.environment),
    );
  }
  return `${lines.join("\n")}\n`;
}
