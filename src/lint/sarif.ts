import type { Log, ReportingDescriptor, Result } from "sarif";
import { home } from "../version.ts";
import { explain } from "./explain.ts";
import type { Finding, FindingLevel, LintResult } from "./types.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;
/** GitHub shows the first 5,000 results of a run and refuses more than 25,000; findings come worst first. */
const MOST = 5_000;
/** Ids about what an attacker could use; the others are about a site that would not work. */
const ABOUT_SECURITY =
  /^security\.|^4_0\.|secret|token|debug|password|storage-key|env-file|cors|csp|cookie|session|allowed-hosts|trusts|api-open/;
/** CVSS-like: GitHub calls 7.0 and more high, 4.0 and more medium, the rest low. */
const SEVERITY: Record<FindingLevel, string> = { error: "8.0", warning: "5.0", info: "2.0" };

/**
 * SARIF 2.1.0, as GitHub's code scanning takes it. What is not certain is a note. What is suppressed is no result:
 * code scanning would open an alert for it; it is listed in the properties of the run.
 */
export function lintToSarif(result: LintResult, version = "0.0.0"): Log {
  const findings = result.findings.slice(0, MOST);
  const ids = [...new Set(findings.map((f) => f.id))].sort();
  const seen = new Map<string, number>();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "djdeploy",
            version,
            informationUri: `https://github.com/${home}`,
            rules: ids.map(ruleOf),
          },
        },
        automationDetails: { id: `djdeploy/${result.settingsModule}/` },
        columnKind: "utf16CodeUnits",
        results: findings.map((f) => resultOf(f, ids, seen)),
        properties: { settingsModule: result.settingsModule, suppressed: result.suppressed },
      },
    ],
  };
}

function resultOf(f: Finding, ids: string[], seen: Map<string, number>): Result {
  return {
    ruleId: f.id,
    ruleIndex: ids.indexOf(f.id),
    level: f.certainty === "certain" ? LEVELS[f.level] : "note",
    message: { text: f.hint ? `${f.message}. ${f.hint}` : f.message },
    locations: [
      {
        physicalLocation: {
          // Code scanning takes no result without a file: what is about none is about the configuration.
          artifactLocation: { uri: uriOf(f.file || "djdeploy.yml"), uriBaseId: "%SRCROOT%" },
          region: { startLine: Math.max(1, f.line), startColumn: Math.max(1, f.column) },
        },
      },
    ],
    partialFingerprints: { "djdeploy/v1": fingerprint(f, seen) },
    properties: { certainty: f.certainty, dependsOn: f.dependsOn.map((d) => d.name), also: f.also },
  };
}

const uriOf = (file: string): string => file.split("/").map(encodeURIComponent).join("/");

/** The same as long as the finding is: lines may move, and only a second one of its kind is told apart by its turn. */
function fingerprint(f: Finding, seen: Map<string, number>): string {
  const key = `${f.id}:${f.setting ?? ""}:${f.file}`;
  const turn = (seen.get(key) ?? 0) + 1;
  seen.set(key, turn);
  return turn === 1 ? key : `${key}:${turn}`;
}

function ruleOf(id: string): ReportingDescriptor {
  const rule = explain(id);
  if (!rule) return { id };
  const security = ABOUT_SECURITY.test(id);
  const link = rule.docs ? `\n\n[Documentation](${rule.docs})` : "";
  return {
    id,
    name: rule.title,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why}\n\n${rule.fix}`, markdown: `${rule.why}\n\n**Fix:** ${rule.fix}${link}` },
    defaultConfiguration: { level: LEVELS[rule.level] },
    ...(rule.docs ? { helpUri: rule.docs } : {}),
    properties: {
      tags: ["django", ...(security ? ["security"] : ["reliability"])],
      precision: "very-high",
      "problem.severity": rule.level === "info" ? "recommendation" : rule.level,
      ...(security ? { "security-severity": SEVERITY[rule.level] } : {}),
    },
  };
}
