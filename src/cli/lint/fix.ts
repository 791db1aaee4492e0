import type { Config } from "../../config/types.ts";
import { ExitCode } from "../../errors.ts";
import { loadLint } from "../../lint/load.ts";
import type { LintResult } from "../../lint/types.ts";
import { type Subject, verdictError } from "../../release/lint.ts";
import { fixFolder } from "../../release/lint-fix.ts";
import { jsonText } from "../../report/json-text.ts";
import type { Common } from "../command.ts";
import { type Io, interactive } from "../io.ts";
import { confirm } from "../prompt.ts";
import { safeOutput } from "../safe.ts";

/** How a change of files was asked for. */
export interface Asked {
  io: Io;
  common: Common;
  config: Config;
  dryRun: boolean;
  json: boolean;
}

/**
 * `lint --fix`: shows what would change, and writes it once that is agreed to. Resolves with the exit code of what is
 * left, or of what is there when nothing was written.
 */
export async function runFix(subject: Subject, before: LintResult, asked: Asked): Promise<number> {
  const { io, common, config, dryRun, json } = asked;
  const safe = safeOutput(io);
  const { renderFixes } = await loadLint();
  const fixes = await fixFolder(config, subject);
  const { made, dropped, diff } = fixes;
  if (!json) io.stdout.write(safe.text(`${diff ? `${diff}\n\n` : ""}${renderFixes(fixes)}`));
  const agreed =
    made.length > 0 &&
    !dryRun &&
    (common.yes ||
      (!json && interactive(io) && (await confirm(io, `Write ${[...fixes.files.keys()].join(", ")}?`))));
  if (agreed) await fixes.write();
  const left = agreed ? fixes.result : before;
  if (json) {
    const fix = { written: agreed, made, dropped, diff };
    io.stdout.write(`${jsonText(safe.data({ ...left, fix }))}\n`);
  } else io.stdout.write(`${lastLine(agreed, made.length, dryRun, interactive(io))}\n`);
  return verdictError(config, left)?.exitCode ?? ExitCode.done;
}

function lastLine(agreed: boolean, made: number, dryRun: boolean, asked: boolean): string {
  if (made === 0) return "nothing to fix mechanically: djdeploy lint --all shows what is left";
  const count = `${made} ${made === 1 ? "fix" : "fixes"}`;
  if (agreed) return `${count} written; look at them with git diff`;
  if (dryRun || asked) return `${count} shown, nothing written`;
  return `${count} shown, nothing written: there is no terminal to ask, --yes writes`;
}
