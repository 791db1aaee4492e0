/**
 * Whether a path with slashes names something below a folder and nothing else: relative, without empty parts, `.` and
 * `..`. What somebody else's list names (a git tree, an archive) is joined to a folder only after this.
 */
export function isPlainPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** `a/b/c` lies below `a` and `a/b`. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** A path that lies below another one of the list, which is no folder then: written in turn, it may follow a link. */
export function belowAnother(paths: ReadonlySet<string>): { path: string; above: string } | null {
  for (const path of paths) {
    const above = foldersAbove(path).find((folder) => paths.has(folder));
    if (above !== undefined) return { path, above };
  }
  return null;
}
