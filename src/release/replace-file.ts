import { dirname } from "node:path";
import { DeployError, ExitCode } from "../errors.ts";
import { readOwn } from "../files/read.ts";
import { putInPlace, writablePath } from "../files/write.ts";

/**
 * Puts a new text in the place of a file's old one: the whole of it or nothing, with the file's own mode. Throws
 * `file.changed` or `file.unwritable` (exit code 1) when it no longer holds the old text, or may not be written, and
 * `file.kind` (exit code 2) where a link or anything but a file stands there.
 */
export async function replaceFile(path: string, before: string, after: string): Promise<void> {
  await writablePath({ folder: dirname(path), file: path, code: "file.kind" });
  const bytes = Buffer.from(before);
  if (!readOwn(path, bytes.length)?.equals(bytes))
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
