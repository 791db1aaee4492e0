import type { PackageChange } from "../../plan/packages.ts";
import { formatBytes } from "../../report/duration.ts";
import type { PlanView } from "../types.ts";
import { count } from "./table.ts";

const mostPackages = 6;

/** What would change, a subject and a sentence each: the terminal, the summary and the comment say the same. */
export function planChanges(plan: PlanView): [subject: string, sentence: string][] {
  const rows: [string, string][] = [
    ["Code", code(plan)],
    ["Dependencies", dependencies(plan)],
    ["Migrations", migrations(plan)],
    ["Settings", settings(plan)],
  ];
  if (plan.hosts.length > 0)
    rows.push(
      ["Units and nginx", plan.setup.why],
      ["Downtime", plan.downtime === "none" ? `none: ${plan.guarantee.strategy}` : plan.downtime],
    );
  return rows;
}

/** `django 5.2.1 → 5.2.8`, `celery 5.4.0 (new)`, `raven 6.10.0 (removed)`. */
export function packageWords({ name, from, to }: PackageChange): string {
  if (from !== null && to !== null) return `${name} ${from ? `${from} ` : ""}→ ${to}`;
  const version = from ?? to;
  return `${name}${version ? ` ${version}` : ""} (${from === null ? "new" : "removed"})`;
}

function code({ hosts, files, commits }: PlanView): string {
  const size = `${count(files.changed, "file")}${hosts.length > 0 ? " to send" : ""}, ${formatBytes(files.bytes)}`;
  const what = hosts.length > 0 && files.changed === 0 ? "nothing to send" : size;
  return commits === null ? what : `${count(commits.length, "commit")}, ${what}`;
}

function dependencies({ hosts, dependencies: { installer, changed, reason, packages } }: PlanView): string {
  const named = packages.slice(0, mostPackages).map(packageWords);
  const more = packages.length > mostPackages ? [`${packages.length - mostPackages} more`] : [];
  const list = [...named, ...more].join(", ");
  if (hosts.length === 0) return list || `by ${installer}`;
  return `${changed ? "to install" : "unchanged"} (${installer}${list || reason ? `: ${list || reason}` : ""})`;
}

function migrations({ migrations: rows, migrationsKnown }: PlanView): string {
  if (rows.length === 0) return migrationsKnown;
  const marked = rows.filter(({ why }) => why !== null).length;
  return `${rows.length} pending${marked > 0 ? `, ${marked} to look at` : ""} (${migrationsKnown})`;
}

function settings({ findings }: PlanView): string {
  const number = findings.new.length;
  if (findings.since === null) return `${count(number, "finding")} (not compared with what is live)`;
  const since = findings.since.slice(0, 7);
  return number === 0 ? `no new finding since ${since}` : `${count(number, "new finding")} since ${since}`;
}
