import type { FailLevel, Finding, LintResult } from "./types.ts";

const RANK = { error: 0, warning: 1, info: 2, never: -1 };

/** The findings that stop a release: certain, and at or above the fail level. */
export function blocking(result: LintResult, failLevel: FailLevel): Finding[] {
  return result.findings.filter((f) => f.certainty === "certain" && RANK[f.level] <= RANK[failLevel]);
}
