import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DeployError, ExitCode } from "../errors.ts";

/**
 * Puts a new text in the place of a file's old one: the whole of it or nothing, with the file's own mode. Throws
 * `file.changed` (exit code 1) when the file no longer holds the old text.
 */
export async function replaceFile(path: string, before: string, after: string): Promise<void> {
  if (!(await readFile(path)).equals(Buffer.from(before)))
    throw new DeployError(
      "file.changed",
      ExitCode.failed,
      `${path} was changed meanwhile; it was not written`,
      {
        hint: "run the command again",
      },
    );
  const { mode } = await stat(path);
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(beside, "wx", mode & 0o777);
    try {
      await file.writeFile(after);
      await file.chmod(mode & 0o777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}
