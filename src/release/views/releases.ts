import { formatAge } from "../../report/duration.ts";
import { createPaint, type Paint } from "../../report/paint.ts";
import type { ReleasesView } from "../types.ts";
import { table } from "./table.ts";

/** The releases on the hosts, newest first; the live one is marked. */
export function renderReleases(view: ReleasesView, now: Date, paint: Paint = createPaint(false)): string {
  if (view.releases.length === 0) return "no releases yet\n";
  const several = new Set(view.releases.map((release) => release.host)).size > 1;
  const reasons = view.releases.some((release) => release.reason);
  const rows = view.releases.map((release) => [
    release.live ? "*" : " ",
    release.id,
    ...(several ? [release.host] : []),
    release.revision.slice(0, 7),
    release.live ? "live" : release.state,
    release.actor,
    formatAge(release.createdAt, now),
    ...(reasons ? [release.reason ?? ""] : []),
  ]);
  const header = ["", "release", ...(several ? ["host"] : []), "revision", "state", "by", "age"];
  const lines = table([" ", ...header.slice(1), ...(reasons ? ["why"] : [])], rows);
  return `${lines.map((line) => (line.startsWith("*") ? paint.good(line) : line)).join("\n")}\n`;
}
