import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type DeployError, type ErrorDetails, usageError } from "../errors.ts";
import { formatBytes } from "../report/duration.ts";
import { clipped, visibleLine } from "../report/visible.ts";
import { decodeText } from "./text.ts";

/** What a file is read for. */
export interface Wanted {
  /** How the user called it: `production.env`. */
  label: string;
  /** Bytes. */
  most: number;
  /** The error's code, and that of a file that is not there. */
  code: string;
  missing?: string;
  /** What to do instead. */
  hint?: string;
  missingHint?: string;
  /** A pipe may stand in its place: `<(pass show site)`, /dev/stdin. */
  pipe?: boolean;
  /** How long a pipe waits for its first writer; 10 s. */
  patienceMs?: number;
  /** Ends the wait for a pipe. */
  signal?: AbortSignal;
}

/** A pipe that nobody opens for writing is given up after this, one whose writer says nothing after that. */
const nobodyMs = 10_000;
const silentMs = 600_000;
const pauseMs = 20;

// Without O_NONBLOCK the opening of a pipe waits for its other end, without end.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * A text file of a user, to its end: a regular file, or a pipe where that is wanted. Everything else (a folder, a device,
 * a socket, a file that is larger, not there, not readable or no UTF-8 text) is one usage error that says what was seen.
 */
export async function readText(path: string, wanted: Wanted): Promise<string> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, flags);
    return decodeText(await readOpen(file, wanted), (seen, hint) => unreadable(wanted, seen, hint));
  } catch (error) {
    throw foreseen(error as NodeJS.ErrnoException, wanted);
  } finally {
    await file?.close();
  }
}

/**
 * The bytes of a regular file that is no larger than `most`; null for anything else, also for a pipe, a device, a folder
 * or a link to one. Never waits.
 */
export function readRegular(path: string, most: number): Buffer | null {
  return readWith(flags, path, most);
}

/** The same for a file that a program left for us, which a link in its place is not. */
export function readOwn(path: string, most: number): Buffer | null {
  return readWith(flags | (constants.O_NOFOLLOW ?? 0), path, most);
}

function readWith(how: number, path: string, most: number): Buffer | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, how);
    const seen = fstatSync(fd);
    if (!seen.isFile() || seen.size > most) return null;
    const chunks: Buffer[] = [];
    // Files under /proc say that they are empty; one that grows meanwhile is not followed.
    for (let size = 0; size <= most; ) {
      const chunk = Buffer.allocUnsafe(Math.min(1 << 20, most + 1 - size, Math.max(seen.size + 1, 4096)));
      const count = readSync(fd, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    return null;
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

async function readOpen(file: FileHandle, wanted: Wanted): Promise<Buffer> {
  const seen = await file.stat();
  if (seen.isDirectory()) throw unreadable(wanted, "a folder");
  // Nothing, on purpose.
  const nothing = await stat("/dev/null").catch(() => null);
  if (seen.isCharacterDevice() && nothing?.rdev === seen.rdev) return Buffer.alloc(0);
  if (seen.isFIFO() && wanted.pipe) return readPipe(file, wanted);
  if (!seen.isFile()) throw unreadable(wanted, seen.isFIFO() ? "a pipe" : "a device or a socket");
  if (seen.size > wanted.most) throw tooLarge(wanted, formatBytes(seen.size));
  return readAll(wanted, async (chunk) => (await file.read(chunk)).bytesRead);
}

/** Reads until nobody writes any more; an empty read before the first byte may be a writer that is still to come. */
async function readPipe(file: FileHandle, wanted: Wanted): Promise<Buffer> {
  let begun = false;
  return readAll(wanted, async (chunk) => {
    const since = Date.now();
    for (;;) {
      const count = await file.read(chunk).then(
        ({ bytesRead }) => bytesRead,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EAGAIN") return null;
          throw error;
        },
      );
      if (count !== null && (count > 0 || begun)) {
        begun = true;
        return count;
      }
      if (Date.now() - since > (count === null ? silentMs : (wanted.patienceMs ?? nobodyMs)))
        throw unreadable(wanted, "a pipe into which nobody writes");
      if (wanted.signal?.aborted)
        throw usageError("usage.interrupted", `interrupted while reading ${wanted.label}`);
      await delay(pauseMs);
    }
  });
}

async function readAll(wanted: Wanted, read: (chunk: Buffer) => Promise<number>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; size <= wanted.most; ) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const count = await read(chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    size += count;
  }
  throw tooLarge(wanted, "more");
}

/** What the system says about a path, as a sentence. */
function foreseen(error: NodeJS.ErrnoException, wanted: Wanted): Error {
  const { label, code, missing = code, missingHint } = wanted;
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return usageError(
        missing,
        `${nameOf(label)}: there is no such file`,
        hinted(missingHint ?? wanted.hint),
      );
    case "EACCES":
    case "EPERM":
      return unreadable(wanted, "a file that this user may not read");
    case "ELOOP":
      return unreadable(wanted, "a symbolic link that leads to itself");
    case "EISDIR":
      return unreadable(wanted, "a folder");
    case "ENXIO":
      return unreadable(wanted, "a socket");
    case "ENAMETOOLONG":
      return unreadable(wanted, "a name that is too long for a file");
    default:
      // A path with a NUL, an input-output error of the disk.
      return "details" in error ? error : unreadable(wanted, `an error (${error.code ?? error.message})`);
  }
}

function unreadable(wanted: Wanted, seen: string, hint = wanted.hint): DeployError {
  const expected = `a text file in UTF-8${wanted.pipe ? " or a pipe" : ""} of at most ${formatBytes(wanted.most)}`;
  return usageError(wanted.code, `${nameOf(wanted.label)} cannot be read: it is ${seen}`, {
    expected,
    seen,
    ...hinted(hint),
  });
}

export function tooLarge(wanted: Wanted, size: string): DeployError {
  const most = formatBytes(wanted.most);
  return usageError(wanted.code, `${nameOf(wanted.label)} is larger than ${most}`, {
    expected: `at most ${most}`,
    seen: size,
    ...hinted(wanted.hint),
  });
}

function hinted(hint: string | undefined): ErrorDetails {
  return hint === undefined ? {} : { hint };
}

function nameOf(label: string): string {
  return visibleLine(clipped(label, 200));
}
