import { lintAnnotations } from "../../lint/annotations.ts";
import { blocking, lintToJson, renderLint } from "../../lint/index.ts";
import { lintError, lintFolder } from "../../release/lint.ts";
import { writeSarif } from "../../release/sarif-file.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Judges the checked-out settings; each finding is an annotation at its line. */
export async function lintVerb({ config, inputs, github, values, write }: Task): Promise<Done> {
  const { failLevel } = config.lint;
  const linted = await lintFolder(config, { values, settings: null });
  for (const line of lintAnnotations(linted.result.findings)) write(line);
  if (inputs.sarifFile !== null) {
    await writeSarif({ folder: github.workspace, file: inputs.sarifFile }, linted.result, values);
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
