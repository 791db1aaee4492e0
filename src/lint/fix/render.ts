import { httpsOnly } from "../explain.ts";
import type { Finding, LintResult } from "../types.ts";
import type { FixReport } from "./index.ts";

/** The code of a finding's fix, indented, with its place; nothing where it has none. */
export function codeLines(finding: Finding): string[] {
  if (!finding.fix) return [];
  const { code, file, line, after } = finding.fix;
  const lines = code.split("\n").map((text) => `       ${text}`);
  const elsewhere = file !== finding.file || line !== finding.line;
  return [
    ...lines.slice(0, -1),
    `${lines.at(-1)}${elsewhere ? `  (${after ? "after " : ""}${file}:${line})` : ""}`,
  ];
}

/** How many findings `lint --fix` has an answer to, as a line; nothing when none. */
export function fixableLine(result: LintResult): string[] {
  // Advice for after TLS is left until then.
  const count = result.findings.filter(
    (f) => f.fix?.automatic && !(f.level === "info" && httpsOnly(f.id)),
  ).length;
  return count > 0 ? [`${count} can be fixed: djdeploy lint --fix shows the change before it is made`] : [];
}

/** What was fixed and what was left, for people. */
export function renderFixes({ made, dropped }: Pick<FixReport, "made" | "dropped">): string {
  const lines = made.map(({ id, file, line, code }) => {
    const [first, ...more] = code.split("\n");
    return `fixes  ${id}  ${file}:${line}  ${first}${more.length > 0 ? " …" : ""}`;
  });
  lines.push(...dropped.map(({ id, file, line, reason }) => `left   ${id}  ${file}:${line}  ${reason}`));
  const variables = [...new Set(made.flatMap(({ variable }) => variable ?? []))];
  if (variables.length > 0) lines.push(`Safe while they are not set: ${variables.join(", ")}.`);
  const next = [...new Set(made.flatMap(({ reveals }) => reveals))];
  if (next.length > 0) lines.push(`Only now Django can ask about ${next.join(", ")}: djdeploy explain ID.`);
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}
