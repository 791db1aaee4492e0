import type { Machine } from "../logic/machine.ts";
import type { Value } from "../logic/values.ts";
import { joinPath, normPath } from "../source/paths.ts";

/** Where the repository seems to lie, for `__file__` and everything computed from it. */
export const SITE = "/srv/site";

/** The absolute path of a file of the tree. */
export const treePath = (path: string): string => (path === "" ? SITE : `${SITE}/${path}`);

/** The tree's path of an absolute or relative one; null outside the repository. */
export function inTree(m: Machine, path: string): string | null {
  const absolute = normPath(joinPath(treePath(m.root), path));
  if (absolute === SITE) return "";
  return absolute.startsWith(`${SITE}/`) ? absolute.slice(SITE.length + 1) : null;
}

/** "file", "folder", null when it is not in the repository. */
export function inRepository(m: Machine, path: string): "file" | "folder" | null {
  const own = inTree(m, path);
  if (own === null) return null;
  if (own === "" || m.folders.has(own)) return "folder";
  return m.files.has(own) ? "file" : null;
}

/**
 * The folder that the settings' own package is imported from, where it is not manage.py's: one above it (a package that
 * is installed, or on PYTHONPATH), else one below it (`sys.path.insert` in manage.py). Null where it is manage.py's.
 */
export function importBase(files: ReadonlySet<string>, root: string, module: string): string | null {
  const path = module.replaceAll(".", "/");
  const names = [`${path}.py`, `${path}/__init__.py`];
  const holds = (folder: string): boolean =>
    names.some((name) => files.has(folder === "" ? name : `${folder}/${name}`));
  if (path === "" || holds(root)) return null;
  for (let folder = root; folder !== ""; ) {
    folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
    if (holds(folder)) return folder;
  }
  const start = root === "" ? "" : `${root}/`;
  const bases = [...files].flatMap((file) => {
    const name = names.find((one) => file.startsWith(start) && file.endsWith(`/${one}`));
    return name ? [file.slice(0, -name.length - 1)] : [];
  });
  return bases.sort((a, b) => a.split("/").length - b.split("/").length)[0] ?? null;
}

export interface FoundModule {
  /** null for a folder without `__init__.py`. */
  file: string | null;
  /** Where its submodules are, without a final slash. */
  folder: string;
}

/** A module of the project by its dotted name; a package beats a module of the same name. */
export function findModule(m: Machine, name: string): FoundModule | null {
  if (name === "") return null;
  for (const base of searchPath(m)) {
    const at = [...(base ? [base] : []), ...name.split(".")].join("/");
    if (m.files.has(`${at}/__init__.py`)) return { file: `${at}/__init__.py`, folder: at };
    if (m.files.has(`${at}.py`)) return { file: `${at}.py`, folder: at };
    if (m.folders.has(at) && holdsPython(m, at)) return { file: null, folder: at };
  }
  return null;
}

function holdsPython(m: Machine, folder: string): boolean {
  const known = m.pythonFolders.get(folder);
  if (known !== undefined) return known;
  let found = false;
  for (const f of m.files) if (f.endsWith(".py") && f.startsWith(`${folder}/`)) found = true;
  m.pythonFolders.set(folder, found);
  return found;
}

/** Folders of the tree in which imports look: sys.path as the settings have changed it. */
function searchPath(m: Machine): string[] {
  const items = m.sysPath.content;
  if (items.t !== "tuple") return [m.root];
  return items.items.flatMap((v: Value) => {
    const path = v.t === "str" || v.t === "path" ? inTree(m, v.v) : null;
    return path === null ? [] : [path];
  });
}
