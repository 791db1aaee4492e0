import { explain } from "./explain.ts";
import type { LintResult } from "./types.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** SARIF 2.1.0, for GitHub's code scanning. What is not certain is a note. */
export function lintToSarif(result: LintResult, version = "0.0.0"): object {
  const ids = [...new Set(result.findings.map((f) => f.id))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "djdeploy",
            version,
            informationUri: "https://github.com/django-deploy/django-deploy",
            rules: ids.map(ruleOf),
          },
        },
        columnKind: "utf16CodeUnits",
        results: result.findings.map((f) => ({
          ruleId: f.id,
          ruleIndex: ids.indexOf(f.id),
          level: f.certainty === "certain" ? LEVELS[f.level] : "note",
          message: { text: f.hint ? `${f.message}. ${f.hint}` : f.message },
          locations: f.file
            ? [
                {
                  physicalLocation: {
                    artifactLocation: { uri: encodeURI(f.file), uriBaseId: "%SRCROOT%" },
                    region: { startLine: f.line, startColumn: f.column },
                  },
                },
              ]
            : [],
          partialFingerprints: { "djdeploy/v1": `${f.id}:${f.setting ?? ""}:${f.file}` },
          properties: { certainty: f.certainty, dependsOn: f.dependsOn.map((d) => d.name) },
        })),
      },
    ],
  };
}

function ruleOf(id: string): object {
  const rule = explain(id);
  if (!rule) return { id };
  return {
    id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why}\n\n${rule.fix}` },
    defaultConfiguration: { level: LEVELS[rule.level] },
    ...(rule.docs ? { helpUri: rule.docs } : {}),
  };
}
