import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { addIgnores } from "../../config/ignore.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { loadLint } from "../../lint/load.ts";
import type { LintResult } from "../../lint/types.ts";
import { type Subject, verdictError } from "../../release/lint.ts";
import { replaceFile } from "../../release/replace-file.ts";
import { jsonText } from "../../report/json-text.ts";
import { safeOutput } from "../safe.ts";
import type { Asked } from "./fix.ts";

/** `lint --baseline`: what is certain today is ignored from now on, with the date as the reason. */
export async function runBaseline(subject: Subject, result: LintResult, asked: Asked): Promise<number> {
  const { io, config, dryRun, json } = asked;
  const safe = safeOutput(io);
  const file = relative(io.cwd, config.file) || config.file;
  if (!existsSync(config.file))
    throw usageError("config.not-found", `there is no ${file} to write the baseline into`, {
      hint: "djdeploy init writes one",
    });
  const added = baselineOf(result, new Date().toISOString().slice(0, 10));
  const before = await readFile(config.file, "utf8");
  const after = addIgnores(before, added);
  const written = after !== before && !dryRun;
  if (written) await replaceFile(config.file, before, after);
  const ignore = { ...subject.input.ignore, ...added };
  const { lint } = await loadLint();
  const left = lint({ ...subject.input, ignore });
  const open = left.findings.filter((f) => f.certainty !== "certain").length;
  if (json)
    io.stdout.write(
      `${jsonText(safe.data({ baseline: { file, written, added }, summary: left.summary }))}\n`,
    );
  else io.stdout.write(safe.text(shown(added, { file, dryRun, open })));
  return verdictError(config, written ? left : result)?.exitCode ?? ExitCode.done;
}

/** id → reason of what is certain; what a variable decides may yet become worse and stays. */
function baselineOf({ findings }: LintResult, date: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const { id, certainty } of findings) {
    if (certainty !== "certain" || id === "djdeploy.unused-ignore" || id in entries) continue;
    const same = findings.filter((f) => f.id === id && f.certainty === "certain").length;
    // No message: it may repeat a part of a secret value, and this goes into a file that is committed.
    entries[id] = `baseline ${date}${same > 1 ? ` (${same} findings)` : ""}`;
  }
  return entries;
}

function shown(
  added: Record<string, string>,
  { file, dryRun, open }: { file: string; dryRun: boolean; open: number },
): string {
  const rows = Object.entries(added).map(([id, reason]) => `ignores ${id}: ${reason}`);
  const what = rows.length === 1 ? "1 id" : `${rows.length} ids`;
  const first =
    rows.length === 0
      ? `nothing certain to ignore; ${file} stays as it is`
      : dryRun
        ? `${what} shown, ${file} stays as it is`
        : `${what} written to lint.ignore of ${file}`;
  const rest = open > 0 ? [`${open} left in: the environment decides them, and they block nothing`] : [];
  return `${[...rows, first, ...rest].join("\n")}\n`;
}
