import { DeployError, ExitCode } from "../errors.ts";
import type { FailLevel, Finding, LintInput, LintResult, RenderOptions, RuleDoc } from "./types.ts";

export type * from "./types.ts";

/** Judges the production settings without running them. Never throws for what the project's files hold. */
export function lint(_input: LintInput): LintResult {
  throw new DeployError("lint.not-supported", ExitCode.usage, "the settings lint is not yet supported", {});
}

/** The findings that stop a release: certain, and at or above the fail level. */
export function blocking(result: LintResult, failLevel: FailLevel): Finding[] {
  const ranks = { error: 0, warning: 1, info: 2, never: -1 };
  return result.findings.filter((f) => f.certainty === "certain" && ranks[f.level] <= ranks[failLevel]);
}

/** The object of `lint --format json`. */
export function lintToJson(result: LintResult): object {
  return result;
}

/** Text for people; ends with a newline. */
export function renderLint(result: LintResult, _options: RenderOptions): string {
  return `${result.findings.map((f) => `${f.level} ${f.id} ${f.message}`).join("\n")}\n`;
}

/** What an id means; null when it is not known. */
export function explain(_id: string): RuleDoc | null {
  return null;
}
