import { realpath, stat } from "node:fs/promises";
import { posix, relative } from "node:path";
import type { Config } from "../config/types.ts";

/** Joins parts of a path inside the repository; the top is "". `../` above the top stays visible as `../`. */
export function joined(...parts: string[]): string {
  const path = posix.normalize(posix.join(...parts));
  return path === "." ? "" : path.replace(/\/$/, "");
}

/** Folder of djdeploy.yml relative to the top of the work tree, "" for the top. `../x` when it lies outside. */
export async function configPrefix(config: Config, top: string): Promise<string> {
  return relative(top, await realpath(config.directory));
}

/** Never sent, even if tracked: git's own files and byte code, which would run in place of its source. */
export function forbidden(path: string): boolean {
  return /(?:^|\/)(?:\.[gG][iI][tT]|__pycache__)(?:\/|$)|\.pyc$/.test(path);
}

/** Whether an absolute path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
