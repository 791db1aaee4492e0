import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { readRegular } from "../../files/read.ts";
import { writablePath, writeText } from "../../files/write.ts";

/** No file that we write is as large. */
export const mostBytes = 32_000_000;

export interface WrittenFile {
  /** Relative to the folder that was asked. */
  path: string;
  state: "written" | "unchanged" | "kept" | "replaced" | "added to";
}

/**
 * Writes files by absolute path; what stands there already is kept, and replaced only with `force`. `agreed` are files
 * whose change was shown before. No link is written through, and none leads out of `top`, the repository.
 */
export async function writeFiles(
  files: Record<string, string>,
  {
    cwd,
    top,
    force,
    agreed = {},
  }: { cwd: string; top: string; force: boolean; agreed?: Record<string, string> },
): Promise<WrittenFile[]> {
  const rows = await Promise.all(
    Object.entries({ ...files, ...agreed }).map(async ([file, text]) => {
      const path = relative(cwd, file) || file;
      const place = { folder: top, file: relative(top, file), code: "init.file" };
      const there = existsSync(await writablePath(place));
      const same = there && readRegular(file, mostBytes)?.equals(Buffer.from(text));
      const changed = file in agreed ? "added to" : force ? "replaced" : "kept";
      const state = !there ? "written" : same ? "unchanged" : changed;
      return { place, text, path, state } as const;
    }),
  );
  for (const { place, text, state } of rows)
    if (state !== "unchanged" && state !== "kept") await writeText(place, text, { folders: true });
  return rows.map(({ path, state }) => ({ path, state }));
}

/** The absolute path of each file. */
export function under(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}
