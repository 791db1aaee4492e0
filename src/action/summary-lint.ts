import type { LintResult } from "../lint/types.ts";
import { code, escapeText, markdownTable } from "./markdown.ts";

/** All findings, also those that found no room among the annotations. */
export function findingsTable({ findings, suppressed, settingsModule }: LintResult): string {
  if (findings.length === 0) return `No findings in ${code(settingsModule)}.`;
  const rows = findings.map((finding) => [
    finding.level,
    code(finding.id),
    code(`${finding.file}:${finding.line}`),
    escapeText(
      finding.certainty === "certain" ? finding.message : `${finding.message} (${finding.certainty})`,
    ),
    escapeText(finding.hint),
  ]);
  const table = markdownTable(["level", "id", "where", "what", "what to do"], rows);
  const ignored = suppressed.map(({ id, reason }) => `${code(id)} (${escapeText(reason)})`).join(", ");
  return ignored ? `${table}\n\nIgnored: ${ignored}` : table;
}
