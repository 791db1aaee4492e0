import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { usageError } from "../../errors.ts";

export interface WrittenFile {
  /** Relative to the folder that was asked. */
  path: string;
  state: "written" | "unchanged" | "replaced" | "added to";
}

/**
 * Writes files by absolute path, all or none; what stands there already is only replaced with `force`. `agreed` are
 * files whose change was shown before.
 */
export async function writeFiles(
  files: Record<string, string>,
  { cwd, force, agreed = {} }: { cwd: string; force: boolean; agreed?: Record<string, string> },
): Promise<WrittenFile[]> {
  const rows = await Promise.all(
    Object.entries({ ...files, ...agreed }).map(async ([file, text]) => {
      const path = relative(cwd, file) || file;
      const old = await readFile(file, "utf8").catch(() => null);
      const changed = file in agreed ? "added to" : "replaced";
      const state = old === null ? "written" : old === text ? "unchanged" : changed;
      return { file, text, path, state } as const;
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
  for (const { file, text, state } of rows) {
    if (state === "unchanged") continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return rows.map(({ path, state }) => ({ path, state }));
}

/** The absolute path of each file. */
export function under(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}
