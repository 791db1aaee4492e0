import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DeployError, ExitCode } from "../errors.ts";

/**
 * Puts a new text in the place of a file's old one: the whole of it or nothing, with the file's own mode. Throws
 * `file.changed` or `file.unwritable` (exit code 1) when it no longer holds the old text, or may not be written.
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
  try {
    await putInPlace(path, after);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DeployError(
      "file.unwritable",
      ExitCode.failed,
      `${path} cannot be written: ${code ?? message}`,
      {
        hint: "see who owns the file and its folder",
        cause,
      },
    );
  }
}

async function putInPlace(path: string, after: string): Promise<void> {
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
