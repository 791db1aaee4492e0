import { lintAnnotations } from "../../lint/annotations.ts";
import { lintToJson, renderLint } from "../../lint/index.ts";
import { lintError, lintFolder } from "../../release/lint.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Judges the checked-out settings; each finding is an annotation at its line. */
export async function lintVerb({ config, values, write }: Task): Promise<Done> {
  const { failLevel } = config.lint;
  const linted = await lintFolder(config, { failLevel, values, settings: null });
  for (const line of lintAnnotations(linted.result.findings)) write(line);
  return {
    ...nothingDone,
    findings: linted.blocking.length,
    lint: linted.result,
    ending: {
      line: lintToJson(linted.result),
      text: () => renderLint(linted.result, { color: false, all: true, failLevel, files: linted.files }),
      error: lintError(linted, failLevel),
    },
  };
}
