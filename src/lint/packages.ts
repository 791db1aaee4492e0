import type { SourceTree } from "../python/source/tree.ts";

const FILES =
  /(^|\/)(requirements[^/]*\.(txt|in|pip)|requirements\/[^/]*\.(txt|in)|(base|prod|production|common|dev)\.txt|pyproject\.toml|setup\.(cfg|py)|Pipfile|uv\.lock|poetry\.lock|pdm\.lock|environment\.ya?ml)$/;

const known = new WeakMap<SourceTree, Set<string> | null>();

/** Lower-case names of every package that the repository's requirement files mention; null when it has none. */
export function declaredPackages(tree: SourceTree): Set<string> | null {
  const before = known.get(tree);
  if (before !== undefined) return before;
  const found = readPackages(tree);
  known.set(tree, found);
  return found;
}

function readPackages(tree: SourceTree): Set<string> | null {
  const found = new Set<string>();
  let any = false;
  for (const path of tree.list()) {
    if (path.split("/").length > 4 || !FILES.test(path)) continue;
    const text = tree.read(path);
    if (text === null) continue;
    any = true;
    if (/\.lock$/.test(path)) {
      for (const name of text.matchAll(/^name = "([^"]+)"|^ {8}"([A-Za-z][\w.-]*)": \{/gm))
        found.add((name[1] ?? name[2] ?? "").toLowerCase().replace(/[_.]/g, "-"));
      continue;
    }
    for (const name of text
      .slice(0, 600_000)
      .matchAll(/(?:^|["'\s])([A-Za-z][A-Za-z0-9._-]+)(?=\s*(?:\[|[=<>~!;"',#@]|$))/gm))
      found.add((name[1] as string).toLowerCase().replace(/[_.]/g, "-"));
  }
  return any ? found : null;
}
