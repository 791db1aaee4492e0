import { posix } from "node:path";
import type { Tree } from "../tree.ts";
import { moduleFile } from "./module-file.ts";
import { findAll } from "./python-text.ts";

/** What every complete settings module has, its own or imported. */
const ESSENTIAL = /^[ \t]*(?:INSTALLED_APPS|ROOT_URLCONF|MIDDLEWARE(?:_CLASSES)?)\s*(?::[^=\n]+)?\+?=/m;
/** Ways to take settings from elsewhere that are not followed here. */
const INDIRECT =
  /\b(?:include|exec|execfile|import_module|globals|vars|locals|load_settings)\s*\(|\bclass\s+\w+\s*\(/;

/**
 * A piece of settings that only another settings file imports: no server is ever started with it, whatever it is
 * called (`settings/server.py`). A module that nobody imports is none, however little is in it.
 */
export async function isFragment(tree: Tree, root: string, module: string): Promise<boolean> {
  const file = moduleFile(tree, root, module);
  if (file === null || (await isWhole(tree, root, module))) return false;
  return isImported(tree, module, file);
}

/** Does the module, with what it imports by star, say what every settings module has to say? */
async function isWhole(tree: Tree, root: string, start: string): Promise<boolean> {
  const queue = [start];
  for (let at = 0; at < queue.length && at < 20; at++) {
    const module = queue[at]!;
    const file = moduleFile(tree, root, module);
    // From a package: it may bring all.
    if (file === null) return true;
    const text = (await tree.text(file)) ?? "";
    if (ESSENTIAL.test(text) || INDIRECT.test(text)) return true;
    for (const base of starImports(text, module, file)) if (!queue.includes(base)) queue.push(base);
  }
  return false;
}

/** Does a file beside it, or that of its package, take it in? */
async function isImported(tree: Tree, module: string, file: string): Promise<boolean> {
  const name = module.split(".").at(-1)!;
  const folder = posix.dirname(file);
  const near = [...tree.entries.keys()].filter(
    (path) =>
      path !== file &&
      path.endsWith(".py") &&
      [folder, posix.dirname(folder)].includes(posix.dirname(path)) &&
      !/(?:^|\/)(?:manage|[aw]sgi|celery)\.py$/.test(path),
  );
  const takes = new RegExp(
    `^[ \\t]*from[ \\t]+[.\\w]*\\b${name}[ \\t]+import\\b|^[ \\t]*from[ \\t]+[.\\w]+[ \\t]+import[ \\t(](?:[\\w, \\t(]*\\b)?${name}\\b|["'/]${name}\\.py["']`,
    "m",
  );
  for (const path of near) if (takes.test((await tree.text(path)) ?? "")) return true;
  return false;
}

/** `from .base import *` in `a.settings.prod` is `a.settings.base`. */
export function starImports(text: string, module: string, file: string): string[] {
  return findAll(text, /^\s*from\s+([.\w]+)\s+import\s+\*/gm).map(({ value }) => {
    const dots = /^\.*/.exec(value)![0].length;
    if (dots === 0) return value;
    const parts = module.split(".");
    const up = file.endsWith("/__init__.py") ? dots - 1 : dots;
    return [...parts.slice(0, parts.length - up), ...value.slice(dots).split(".")].filter(Boolean).join(".");
  });
}
