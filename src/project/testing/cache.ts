import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readlink, realpath, rename, rm, stat, symlink, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

const day = 24 * 60 * 60 * 1000;

/**
 * A folder under the user's cache that is built once for a key. It is built under a name of its own and a link of the
 * key's name is put in place when it is whole, so a build that dies or a second one beside it leaves nothing half.
 * One that `works` refuses is built again. Folders that nobody used for 30 days are removed.
 */
export async function cached(
  kind: string,
  parts: string[],
  works: (folder: string) => Promise<boolean>,
  build: (folder: string) => Promise<void>,
): Promise<{ folder: string; reused: boolean }> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "djdeploy", kind);
  const link = join(cache, createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 24));
  const old = await realpath(link).catch(() => null);
  if (old && (await works(old))) {
    const now = new Date();
    await utimes(old, now, now).catch(() => {});
    return { folder: old, reused: true };
  }
  await mkdir(cache, { recursive: true });
  await removeUnused(cache);
  const folder = `${link}-${randomBytes(4).toString("hex")}`;
  try {
    await build(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await symlink(basename(folder), `${folder}.link`);
  await rename(`${folder}.link`, link);
  if (old) await rm(old, { recursive: true, force: true });
  return { folder, reused: false };
}

async function removeUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const used = await stat(path).catch(() => null);
    if (used && Date.now() - used.mtimeMs < 30 * day) continue;
    const target = await readlink(path).catch(() => null);
    for (const one of [path, ...(target ? [join(cache, basename(target))] : [])])
      await rm(one, { recursive: true, force: true });
  }
}
