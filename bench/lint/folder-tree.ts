import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourceTree } from "../../src/python/source/tree.ts";

/** A folder as a tree; nothing is read before it is asked for. */
export function folderTree(top: string): SourceTree {
  const paths: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") walk(path);
      else if (entry.isFile()) paths.push(path);
    }
  };
  walk("");
  const known = new Set(paths);
  return {
    list: () => paths,
    read: (path) =>
      known.has(path) && statSync(join(top, path)).size < 20_000_000
        ? readFileSync(join(top, path), "utf8")
        : null,
  };
}
