import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { usageError } from "../../errors.ts";
import { readRegular } from "../../files/read.ts";
import { writablePath, writeText } from "../../files/write.ts";

/** No file that we write is as large. */
const most = 32_000_000;

export interface WrittenFile {
  /** Relative to the folder that was asked. */
  path: string;
  state: "written" | "unchanged" | "replaced" | "added to";
}

/**
 * Writes files by absolute path, all or none; what stands there already is only replaced with `force`. `agreed` are
 * files whose change was shown before. No link is written through, and none leads out of `top`, the repository.
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
      const same = there && readRegular(file, most)?.equals(Buffer.from(text));
      const changed = file in agreed ? "added to" : "replaced";
      const state = !there ? "written" : same ? "unchanged" : changed;
      return { place, text, path, state } as const;
    }),
  );
  const inTheWay = rows.filter(({ state }) => state === "replaced").map(({ path }) => path);
  if (inTheWay.length > 0 && !force) {
    throw usageError(
      "init.exists",
      `${inTheWay.join(", ")} ${inTheWay.length > 1 ? "are" : "is"} there already; nothing was written`,
      {
        hint: "--force replaces; keep your own version in git to compare",
      },
    );
  }
  for (const { place, text, state } of rows)
    if (state !== "unchanged") await writeText(place, text, { folders: true });
  return rows.map(({ path, state }) => ({ path, state }));
}

/** The absolute path of each file. */
export function under(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}
