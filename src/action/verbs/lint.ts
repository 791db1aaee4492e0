import { lintAnnotations } from "../../lint/annotations.ts";
import { blocking } from "../../lint/blocking.ts";
import { loadLint } from "../../lint/load.ts";
import { lintFolder, verdictError } from "../../release/lint.ts";
import { writeSarif } from "../../release/sarif-file.ts";
import { redactDeep } from "../../report/redact.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Judges the checked-out settings; each finding is an annotation at its line. */
export async function lintVerb({ config, inputs, github, values, write, redact }: Task): Promise<Done> {
  const { failLevel } = config.lint;
  const { renderLint } = await loadLint();
  const { result: found, files } = await lintFolder(config, { values, settings: null });
  // Before it is escaped, cut or made visible: after that a value might not be found any more.
  const result = redactDeep(found, redact) as typeof found;
  for (const line of lintAnnotations(result.findings)) write(line);
  if (inputs.sarifFile !== null) {
    await writeSarif({ folder: github.workspace, file: inputs.sarifFile }, result, redact);
  }
  const stopping = blocking(result, failLevel);
  return {
    ...nothingDone,
    findings: stopping.length,
    lint: result,
    ending: {
      line: result,
      text: () => renderLint(result, { color: false, all: true, failLevel, files: files }),
      error: verdictError(config, result),
      annotated: stopping.some((finding) => finding.level === "error"),
    },
  };
}
