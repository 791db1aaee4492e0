import { posix } from "node:path";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";

/** What is asked of a tree for names alone. */
type Names = Pick<Tree, "entries" | "has">;

/**
 * A dotted module's file: `a/b.py` or `a/b/__init__.py`, under root, else in a folder above it (`python pkg/manage.py`
 * of a package that is installed or on PYTHONPATH), else, for projects that extend sys.path, below it.
 */
export function moduleFile(tree: Names, root: string, module: string): string | null {
  const path = module.replaceAll(".", "/");
  const names = [`${path}.py`, `${path}/__init__.py`];
  for (const folder of [root, ...above(root)])
    for (const name of names) if (tree.has(joined(folder, name))) return joined(folder, name);
  const start = root === "." ? "" : `${root}/`;
  const below = [...tree.entries.keys()].filter(
    (file) => file.startsWith(start) && names.some((name) => file.endsWith(`/${name}`)),
  );
  return below.sort((a, b) => a.split("/").length - b.split("/").length)[0] ?? null;
}

/** The folders above one, nearest first; "" is the top. */
function above(folder: string): string[] {
  if (folder === "." || folder === "") return [];
  const parent = posix.dirname(folder);
  return parent === "." ? [""] : [parent, ...above(parent)];
}

/** The file of exactly this module: no package, and under root only. */
export function directFile(tree: Names, root: string, module: string): string | null {
  const file = joined(root, `${module.replaceAll(".", "/")}.py`);
  return tree.has(file) ? file : null;
}

/** The dotted name of a file under root. */
export function moduleName(root: string, file: string): string {
  return posix
    .relative(root, file)
    .replace(/(?:\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

/** Files that look like settings, for messages: the first of them. */
export function settingsFiles(tree: Names, root: string, most = 8): string[] {
  const start = root === "." ? "" : `${root}/`;
  return [...tree.entries.keys()]
    .filter((path) => path.startsWith(start) && /(?:^|[/_])settings(?:[/_].*)?\.py$/.test(path))
    .slice(0, most);
}
