import type { PlanMigration, PlanView } from "../release/types.ts";
import { packageWords } from "../release/views/plan-changes.ts";
import { code, escapeText, fence, fold } from "./markdown.ts";
import { findingLine } from "./summary-lint.ts";

/** So many entries of a list are shown, and lines of one migration's SQL; the file at the output `plan` has all. */
const most = 30;
const mostLines = 60;

/** The parts of a plan that are read on demand, what matters most first. */
export function planDetails(plan: PlanView, page: string | null): string[] {
  const { migrations, findings, dependencies, commits, files } = plan;
  const commit = ({ sha, subject }: { sha: string; subject: string }) => {
    const short = code(sha.slice(0, 7));
    return `- ${page ? `[${short}](${page}/commit/${sha})` : short} ${escapeText(subject)}`;
  };
  return [
    fold(`Migrations (${migrations.length})`, capped(migrations.map(migrationBlock))),
    fold(`Settings (${findings.new.length})`, capped(findings.new.map(findingLine))),
    fold(
      `Dependencies (${dependencies.packages.length})`,
      capped(dependencies.packages.map((one) => `- ${escapeText(packageWords(one))}`)),
    ),
    fold(`Commits (${commits?.length ?? 0})`, capped((commits ?? []).map(commit))),
    fold(`Files (${files.paths.length})`, capped(files.paths.map((path) => `- ${code(path)}`))),
  ];
}

function migrationBlock({ database, app, name, operations, sql, why }: PlanMigration): string {
  const place = database === "default" ? "" : ` on ${code(database)}`;
  const title = `**${code(`${app}.${name}`)}**${place}${why ? ` ⚠️ ${escapeText(why)}` : ""}`;
  // The SQL says before each operation what it is.
  const does = operations.map((one) => `- ${escapeText(one)}`).join("\n");
  return [title, sql === null ? does : fence(shortened(sql), "sql")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function shortened(sql: string): string {
  const lines = sql.split("\n").filter((line) => !/^--\s*$/.test(line));
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `-- ${more} more lines`].join("\n") : lines.join("\n");
}

function capped(rows: string[]): string[] {
  const more = rows.length - most;
  return more > 0 ? [...rows.slice(0, most), `- and ${more} more`] : rows;
}
