import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Config } from "../config/types.ts";
import type { FixReport } from "../lint/fix/index.ts";
import { loadLint } from "../lint/load.ts";
import { hasTls, type Subject } from "./lint.ts";
import { replaceFile } from "./replace-file.ts";

/** Fixes of a folder, proven and not yet written. */
export interface FolderFixes extends FixReport {
  /** What would change, as `diff -u` shows it; "" when nothing does. */
  diff: string;
  /** Writes them, each file in one step; throws when a file has changed since. */
  write(): Promise<void>;
}

/** Works out what `lint --fix` does to a folder. Reads only. */
export async function fixFolder(config: Config, { input, top }: Subject): Promise<FolderFixes> {
  const { fixProject } = await loadLint();
  const before = new Map<string, string>();
  const writable = (file: string): string | null => {
    before.set(file, input.files.read(file) ?? "");
    return refusal(top, file, before.get(file) as string);
  };
  const report = fixProject(input, { https: hasTls(config) || !existsSync(config.file), writable });
  const old = (file: string): string => before.get(file) as string;
  const patches = [...report.files].map(([file, text]) => patch(file, old(file), text));
  return {
    ...report,
    diff: patches.join("\n"),
    write: async () => {
      for (const [file, text] of report.files) await replaceFile(join(top, file), old(file), text);
    },
  };
}

/** As git writes it, without a line end after the last line. */
function patch(file: string, before: string, after: string): string {
  const text = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, "", "", { context: 3 });
  return text
    .slice(text.indexOf("--- a/"))
    .replace(/^((?:---|\+\+\+) [ab]\/.*)\t$/gm, "$1")
    .replace(/\n$/, "");
}

/** Why a file is not changed; null where it may be. */
function refusal(top: string, file: string, text: string): string | null {
  const path = join(top, file);
  if (lstatSync(path).isSymbolicLink()) return `${file} is a link: change the file it leads to`;
  if (!realpathSync(path).startsWith(`${realpathSync(top)}${sep}`))
    return `${file} lies outside the repository`;
  const coding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(text.split(/\r\n|\r|\n/, 2).join("\n"))?.[1];
  if (coding && !/^(?:utf-?8(?:-sig)?|ascii|us-ascii)$/i.test(coding))
    return `${file} is written in ${coding}`;
  return readFileSync(path).equals(Buffer.from(text)) ? null : `${file} is not UTF-8 text`;
}
