import { createPaint, type Paint } from "../../report/paint.ts";
import { holdText } from "../history.ts";
import type { StatusView } from "../types.ts";
import { lockText } from "./lock.ts";
import { count } from "./table.ts";

/** What every host serves now, and how that was proven. */
export function renderStatus(view: StatusView, now: Date, paint: Paint = createPaint(false)): string {
  const lines: string[] = [];
  for (const host of view.hosts) {
    const what = host.release
      ? `${host.release}${host.revision ? ` (${host.revision.slice(0, 7)})` : ""}`
      : "no release";
    const proven = host.proven ? paint.good("proven") : paint.bad("not proven");
    lines.push(`${paint.bold(host.host)}  ${what}, ${host.state}, ${proven}`);
    if (host.slot) lines.push(`  slot ${host.slot}, ${count(host.workers, "worker")}`);
    for (const one of host.processes)
      lines.push(
        `  ${one.name}: ${one.release ?? "nothing"}${one.pid === null ? "" : `, process ${one.pid}`}`,
      );
    if (host.proof && host.problems.length === 0) lines.push(`  ${host.proof}`);
    for (const { message, fix } of host.problems) {
      lines.push(`  ${paint.bad(message)}`, `    what to do: ${fix}`);
    }
    if (host.hold) {
      const why = `pushes are refused: it holds ${holdText(host.hold)}`;
      lines.push(`  ${paint.warn(why)}; djdeploy hold ${view.environment} --off lets them deploy again`);
    }
    if (host.lock) lines.push(`  ${lockText(host.lock, now)}`);
  }
  for (const message of view.exceptions) lines.push(`security: ${message}`);
  return `${lines.join("\n")}\n`;
}
