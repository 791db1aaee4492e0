import { createHash } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { usageError } from "../errors.ts";
import { formatBytes } from "../report/duration.ts";
import { largestFile, sha256 } from "./content.ts";
import { forbidden, joined } from "./paths.ts";
import type { ShippedFile } from "./types.ts";

/**
 * Files of `build.include`, taken from the working tree as they are now: each named path (relative to djdeploy.yml)
 * with all below it. A path that is missing, holds nothing or lies outside the repository is an error.
 */
export async function includedFiles(top: string, prefix: string, include: string[]): Promise<ShippedFile[]> {
  const files: ShippedFile[] = [];
  for (const given of include) {
    const start = joined(prefix, given);
    const real = await realpath(join(top, start)).catch(() => null);
    if (real === null) throw problem(given, "does not exist", "check `build.command`: it did not make it");
    if (start === "" || relative(top, real).startsWith(".."))
      throw problem(given, "lies outside the repository");
    if (relative(top, real) !== start)
      throw problem(
        given,
        "is reached through a symbolic link",
        `name the folder itself: ${relative(top, real)}`,
      );
    const found = await below(top, start);
    if (found.length === 0) throw problem(given, "holds no file", "check `build.command`: it left it empty");
    files.push(...found);
  }
  return files;
}

async function below(top: string, path: string): Promise<ShippedFile[]> {
  const stat = await lstat(join(top, path));
  if (forbidden(path)) return [];
  if (stat.isSymbolicLink()) return [await link(top, path)];
  if (stat.isFile()) return [await file(top, path, stat.size, (stat.mode & 0o111) !== 0)];
  if (!stat.isDirectory()) throw problem(path, "is neither a file, a folder nor a symbolic link");
  const names: Dirent[] = await readdir(join(top, path), { withFileTypes: true });
  const files: ShippedFile[] = [];
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1)))
    files.push(...(await below(top, posix.join(path, name))));
  return files;
}

async function file(top: string, path: string, size: number, executable: boolean): Promise<ShippedFile> {
  const hash = createHash("sha256");
  await whileOpen(top, path, (file) =>
    pipeline(file.createReadStream({ end: size, autoClose: false }), hash),
  );
  return {
    path,
    type: "file",
    executable,
    sha256: hash.digest("hex"),
    size,
    read: () => whileOpen(top, path, (file) => file.readFile()),
  };
}

/** Who made the folder may still write in it: what is opened is a regular file of a size that we take, and no other. */
async function whileOpen<T>(top: string, path: string, act: (file: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(join(top, path), flags).catch((error: NodeJS.ErrnoException) => {
    throw problem(path, `can not be read any more (${error.code})`);
  });
  try {
    const seen = await handle.stat();
    if (!seen.isFile()) throw problem(path, "is no regular file any more");
    if (seen.size > largestFile) throw problem(path, `is larger than ${formatBytes(largestFile)}`);
    return await act(handle);
  } finally {
    await handle.close();
  }
}

// A pipe in its place is not waited for, a link not followed.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

async function link(top: string, path: string): Promise<ShippedFile> {
  const target = await readlink(join(top, path));
  const bytes = Buffer.from(target);
  const size = bytes.length;
  return {
    path,
    type: "symlink",
    executable: false,
    sha256: sha256(bytes),
    size,
    target,
    read: async () => bytes,
  };
}

function problem(path: string, what: string, hint?: string) {
  return usageError("project.include", `build.include: ${path} ${what}`, hint === undefined ? {} : { hint });
}
