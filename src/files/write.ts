import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type DeployError, usageError } from "../errors.ts";
import { clipped, visibleLine } from "../report/visible.ts";

/** Where a file is to be written. */
export interface Place {
  /** Absolute; a path below it may not lead out of it through a link of the repository. */
  folder: string;
  /** Absolute, or relative to `folder`. One that names a place outside of it is meant so. */
  file: string;
  /** The error's code. */
  code: string;
}

/**
 * The absolute path of a place where a file may be written: a regular file stands there or nothing, and its folder is
 * reached without leaving `folder` through a link. Anything else is a usage error, and nothing was written.
 */
export async function writablePath(place: Place): Promise<string> {
  const path = resolve(place.folder, place.file);
  const within = relative(place.folder, path);
  if (!within.startsWith("..") && !isAbsolute(within)) await requireInside(place, dirname(within));
  const seen = await at(place, path);
  if (seen === null || seen.isFile()) return path;
  const what = seen.isSymbolicLink()
    ? "a symbolic link stands there"
    : seen.isDirectory()
      ? "it is a folder"
      : seen.isFIFO()
        ? "it is a pipe"
        : "it is a device or a socket";
  throw unwritable(place, what, "name a file, or remove what stands there");
}

/**
 * Writes a text: the whole of it or nothing, beside the place and then moved there, so that no link and no other name of
 * an old file is written through. Folders that lack are only made with `folders`.
 */
export async function writeText(place: Place, text: string, { folders = false } = {}): Promise<void> {
  const path = await writablePath(place);
  try {
    if (folders) await mkdir(dirname(path), { recursive: true });
    await putInPlace(path, text);
  } catch (error) {
    throw foreseen(place, error as NodeJS.ErrnoException);
  }
}

/** The text in the place of whatever has that name; keeps the mode of a file that was there. */
export async function putInPlace(path: string, text: string): Promise<void> {
  const old = await lstat(path).catch(() => null);
  const beside = join(dirname(path), `.${basename(path).slice(0, 200)}.${process.pid}.tmp`);
  const how = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(beside, how, old?.isFile() ? old.mode & 0o777 : 0o666);
  try {
    try {
      await file.writeFile(text);
      if (old?.isFile()) await file.chmod(old.mode & 0o777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Each folder on the way that is there already; those that are not will be made as folders. */
async function requireInside(place: Place, folders: string): Promise<void> {
  const top = await realpath(place.folder).catch(() => place.folder);
  let path = place.folder;
  for (const name of folders.split(sep).filter((one) => one !== "." && one !== "")) {
    path = join(path, name);
    const seen = await at(place, path);
    if (seen === null) return;
    if (seen.isDirectory()) continue;
    if (!seen.isSymbolicLink()) throw unwritable(place, `${shown(name)} is no folder`);
    const real = await realpath(path).catch(() => null);
    if (real === null) throw unwritable(place, `the link ${shown(name)} leads nowhere`);
    if (real !== top && !real.startsWith(top === sep ? sep : `${top}${sep}`))
      throw unwritable(place, `the link ${shown(name)} leads out of the repository`);
  }
}

async function at(place: Place, path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw foreseen(place, error);
  });
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "what should be its folder is a file",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "a symbolic link leads to itself",
  EEXIST: "a file of an earlier run is in the way",
};

/** What the system says about a place that cannot be written. */
export function whyNot({ code = "no code" }: NodeJS.ErrnoException): string {
  return reasons[code] ?? `an error (${code})`;
}

function foreseen(place: Place, error: NodeJS.ErrnoException): DeployError {
  return unwritable(place, whyNot(error), "name a file in a folder that exists");
}

function unwritable({ file, code }: Place, why: string, hint = "name another file"): DeployError {
  return usageError(code, `${shown(file)} cannot be written: ${why}`, { hint });
}

function shown(path: string): string {
  return visibleLine(clipped(path, 200));
}
