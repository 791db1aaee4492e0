import { realpath, stat } from "node:fs/promises";
import { posix, relative } from "node:path";
import ignore, { type Ignore } from "ignore";
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

/**
 * `exclude` as one matcher over paths of the repository. The patterns are gitignore's and stand as if in a
 * .gitignore beside djdeploy.yml; a leading `../` names what lies above it.
 */
export function excludeMatcher(patterns: string[], prefix: string): Ignore {
  return ignore({ ignorecase: false }).add(patterns.map((pattern) => fromTop(pattern, prefix)));
}

function fromTop(pattern: string, prefix: string): string {
  if (prefix === "" && !pattern.startsWith("../")) return pattern;
  const [, not = "", body = ""] = /^(!?)(.*)$/.exec(pattern)!;
  const anchored = /\/./.test(body);
  const path = anchored ? joined(prefix, body) : `${joined(prefix)}/**/${body}`;
  const slash = anchored && body.endsWith("/") ? "/" : "";
  return `${not}/${path.replace(/^\/+/, "")}${slash}`;
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
