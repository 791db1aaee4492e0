import { formatAge } from "../../report/duration.ts";
import { createPaint, type Paint } from "../../report/paint.ts";
import type { EnvView } from "../types.ts";
import { table } from "./table.ts";

/** Names, ages and hash prefixes of the stored secrets. */
export function renderEnv(view: EnvView, now: Date, paint: Paint = createPaint(false)): string {
  const several = new Set([...view.entries, ...view.missing].map(({ host }) => host)).size > 1;
  const host = (name: string) => (several ? [name] : []);
  const rows = view.entries.map((entry) => [
    entry.name,
    ...host(entry.host),
    formatAge(entry.storedAt, now),
    entry.hash,
  ]);
  const lines =
    rows.length > 0 ? table(["name", ...host("host"), "age", "sha256"], rows) : ["nothing is stored"];
  for (const { name, host } of view.missing) {
    lines.push(
      `${paint.warn("missing:")} ${name}${several ? ` on ${host}` : ""}; djdeploy env ${view.environment} set ${name}`,
    );
  }
  return `${lines.join("\n")}\n`;
}
