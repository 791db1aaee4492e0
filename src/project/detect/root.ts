import { posix } from "node:path";
import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";

interface Place {
  tree: Tree;
  /** Folder of djdeploy.yml, "" for the top. */
  prefix: string;
  /** `root` as configured. */
  configured: string | null;
  isExcluded(path: string): boolean;
}

/** The folder with manage.py, relative to the top ("." or "backend"). */
export async function detectRoot({ tree, prefix, configured, isExcluded }: Place): Promise<Detected<string>> {
  if (configured !== null) {
    const folder = joined(prefix, configured);
    if (tree.has(joined(folder, "manage.py")))
      return { value: folder || ".", evidence: "given by root in djdeploy.yml" };
    throw usageError("project.no-manage-py", `There is no manage.py in ${folder || "."} at ${short(tree)}`, {
      seen: `root: ${configured}`,
      hint: await whereItIs(tree, prefix, isExcluded),
    });
  }
  const places = await managePys(tree, prefix, isExcluded);
  if (places.length === 1)
    return { value: places[0]!, evidence: `detected from ${joined(places[0]!, "manage.py")}` };
  if (places.length === 0)
    throw usageError("project.no-manage-py", `There is no manage.py of a Django project at ${short(tree)}`, {
      expected: "a tracked manage.py that names DJANGO_SETTINGS_MODULE",
      hint: "commit it; it must be part of the revision that is deployed",
    });
  throw usageError(
    "project.several-manage-py",
    "Several folders hold a manage.py; say which one is deployed",
    {
      seen: places.map((folder) => joined(folder, "manage.py")).join(", "),
      hint: `add to djdeploy.yml: \`root: ${posix.relative(prefix, places[0]!) || "."}\``,
    },
  );
}

async function managePys(tree: Tree, prefix: string, isExcluded: Place["isExcluded"]): Promise<string[]> {
  const all = [...tree.entries.keys()].filter(
    (path) => posix.basename(path) === "manage.py" && tree.has(path) && !isExcluded(path),
  );
  const django: string[] = [];
  for (const path of all)
    if (/DJANGO_SETTINGS_MODULE|django\.core\.management/.test((await tree.text(path)) ?? ""))
      django.push(posix.dirname(path));
  const below = django.filter((folder) => prefix === "" || `${folder}/`.startsWith(`${prefix}/`));
  return (below.length > 0 ? below : django).sort();
}

async function whereItIs(tree: Tree, prefix: string, isExcluded: Place["isExcluded"]): Promise<string> {
  const [first] = await managePys(tree, prefix, isExcluded);
  if (first === undefined) return "commit manage.py; it must be part of the revision that is deployed";
  return `there is one in ${first}: write \`root: ${posix.relative(prefix, first) || "."}\``;
}

function short(tree: Tree): string {
  return tree.sha.slice(0, 7);
}
