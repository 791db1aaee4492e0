import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The nearest folder at or above `directory` that holds .git, else the folder itself; absolute. */
export function topOf(directory: string): string {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return resolve(directory);
  }
}

/**
 * Where a path below `top` ends when every symbolic link is followed, relative to the top and with slashes. null where
 * there is nothing, or it is not the repository's own: outside of the top, or what git keeps for itself (.git/config may
 * hold a token). A link that a repository brings must not choose what of this machine is read: /proc/self/environ is a
 * file too.
 */
export function insideOf(top: string, path: string): string | null {
  try {
    const real = relative(realpathSync(top), realpathSync(join(top, path)));
    const parts = real.split(sep);
    // With "/" as the top these would lie inside.
    const system = resolve(top) === "/" && /^(?:proc|sys|dev)$/.test(parts[0]!);
    // An absolute path is one on another drive.
    if (parts[0] === ".." || real === resolve(real) || system || parts.includes(".git")) return null;
    return parts.join("/");
  } catch {
    return null;
  }
}
