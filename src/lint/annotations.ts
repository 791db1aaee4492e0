import { annotation } from "../report/github.ts";
import type { Finding } from "./types.ts";

/** GitHub shows about ten annotations of each level for a step; the report has all of them. */
const shown = 10;
const levels = { error: "error", warning: "warning", info: "notice" } as const;

/** Findings as annotations at their lines, the first ten of each level; what is not certain is a warning at most. */
export function lintAnnotations(findings: Finding[]): string[] {
  const counts = { error: 0, warning: 0, notice: 0 };
  return findings.flatMap((finding) => {
    const own = levels[finding.level];
    const level = own === "error" && finding.certainty !== "certain" ? "warning" : own;
    if (++counts[level] > shown) return [];
    const code = finding.fix ? `\n${finding.fix.code}` : "";
    const message = `${finding.message} (${finding.id})\n${finding.hint}${code}`;
    return [annotation(level, message, { file: finding.file, line: finding.line, column: finding.column })];
  });
}
