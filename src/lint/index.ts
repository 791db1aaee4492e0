import type { FailLevel, Finding, LintResult } from "./types.ts";

export { lint } from "./engine.ts";
export { allRules, explain } from "./explain.ts";
export { renderLint } from "./render.ts";
export { lintToSarif } from "./sarif.ts";
export type * from "./types.ts";

const RANK = { error: 0, warning: 1, info: 2, never: -1 };

/** The findings that stop a release: certain, and at or above the fail level. */
export function blocking(result: LintResult, failLevel: FailLevel): Finding[] {
  return result.findings.filter((f) => f.certainty === "certain" && RANK[f.level] <= RANK[failLevel]);
}

/** The object of `lint --format json`. */
export function lintToJson(result: LintResult): object {
  return result;
}
