import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { lintAnnotations } from "../../lint/annotations.ts";
import { blocking, lintToJson, lintToSarif, renderLint } from "../../lint/index.ts";
import { lintError, lintFolder } from "../../release/lint.ts";
import { redactDeep } from "../../report/redact.ts";
import { version } from "../../version.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Judges the checked-out settings; each finding is an annotation at its line. */
export async function lintVerb({ config, inputs, github, values, redact, write }: Task): Promise<Done> {
  const { failLevel } = config.lint;
  const linted = await lintFolder(config, { values, settings: null });
  for (const line of lintAnnotations(linted.result.findings)) write(line);
  if (inputs.sarifFile !== null) {
    const sarif = JSON.stringify(redactDeep(lintToSarif(linted.result, version), redact), null, 2);
    await writeFile(resolve(github.workspace, inputs.sarifFile), `${sarif}\n`);
  }
  const stopping = blocking(linted.result, failLevel);
  return {
    ...nothingDone,
    findings: stopping.length,
    lint: linted.result,
    ending: {
      line: lintToJson(linted.result),
      text: () => renderLint(linted.result, { color: false, all: true, failLevel, files: linted.files }),
      error: lintError(config, linted.result),
      annotated: stopping.some((finding) => finding.level === "error"),
    },
  };
}
