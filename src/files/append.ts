import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { whyNot } from "./write.ts";

// Without O_NONBLOCK the opening of a pipe waits for its other end, without end.
const flags =
  constants.O_WRONLY |
  constants.O_APPEND |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NOCTTY ?? 0);

/**
 * Appends to a regular file that is there. Answers why it could not, null when it could. Never waits, and writes nothing
 * through a link, by a second name of a file, into a pipe or a device.
 */
export function appendRegular(path: string, text: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, flags);
    const seen = fstatSync(fd);
    if (!seen.isFile()) return "it is no regular file";
    if (seen.nlink > 1) return "the file has a second name";
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") return "it is a symbolic link";
    if (code === "ENXIO") return "it is a pipe or a socket";
    if (code === "ENOENT") return "there is no such file";
    return whyNot(error as NodeJS.ErrnoException);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
