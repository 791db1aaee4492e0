import { posix } from "node:path";
import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { moduleName, settingsFiles } from "./module-file.ts";
import { settingsNames } from "./python-text.ts";

interface Place {
  tree: Tree;
  /** Folder of djdeploy.yml, "" for the top. */
  prefix: string;
  /** `root` as configured. */
  configured: string | null;
  isExcluded(path: string): boolean;
  /** Dotted name of the settings where somebody gave it: of several folders the one that holds them is meant. */
  settings?: string | null;
}

/** Folders whose manage.py starts something else than the site. */
const BESIDE =
  /(?:^|\/)(?:examples?|samples?|demos?|sandbox|tests?|testing|testproject|test_project|docs?|templates?|project_template|\{\{[^/]*)(?:\/|$)/i;

/** The folder with manage.py, relative to the top ("." or "backend"). */
export async function detectRoot(place: Place): Promise<Detected<string>> {
  const { tree, prefix, configured, isExcluded } = place;
  if (configured !== null) {
    const folder = joined(prefix, configured);
    if (tree.has(joined(folder, "manage.py")))
      return { value: folder || ".", evidence: "given by root in djdeploy.yml" };
    throw usageError("project.no-manage-py", `There is no manage.py in ${folder || "."} of ${tree.name}`, {
      seen: `root: ${configured}`,
      hint: await whereItIs(tree, prefix, isExcluded),
    });
  }
  const all = await managePys(tree, prefix, isExcluded);
  const places = meant(tree, all, place.settings ?? null);
  if (places.length === 1)
    return { value: places[0]!, evidence: `detected from ${joined(places[0]!, "manage.py")}` };
  throw places.length === 0 ? none(tree) : await several(tree, prefix, places);
}

/** Of several folders those that hold the named settings, else those that are no example and no test. */
function meant(tree: Tree, all: string[], settings: string | null): string[] {
  if (all.length < 2) return all;
  const path = settings?.replaceAll(".", "/");
  const holding = all.filter((folder) =>
    [`${path}.py`, `${path}/__init__.py`].some((name) => tree.has(joined(folder, name))),
  );
  const own = all.filter((folder) => !BESIDE.test(folder));
  return [holding, own].find((some) => some.length === 1) ?? (own.length > 0 ? own : all);
}

function none(tree: Tree) {
  const files = settingsFiles(tree, ".", 6);
  const [first] = files;
  const module = first === undefined ? "yourproject.settings" : moduleName(topPackage(tree, first), first);
  return usageError("project.no-manage-py", `There is no manage.py of a Django project in ${tree.name}`, {
    expected: "a tracked manage.py that names DJANGO_SETTINGS_MODULE",
    seen: files.length === 0 ? "no settings file either" : `settings: ${files.join(", ")}`,
    hint: `commit it; it must be part of the revision that is deployed. To judge settings alone: djdeploy lint --settings ${module}`,
  });
}

/** The folder that the outermost package of a file lies in: without `__init__.py`, the one above it. */
function topPackage(tree: Tree, file: string): string {
  let folder = posix.dirname(posix.dirname(file));
  while (folder !== "." && tree.has(joined(folder, "__init__.py"))) folder = posix.dirname(folder);
  return folder;
}

async function several(tree: Tree, prefix: string, places: string[]) {
  const roots: string[] = [];
  for (const folder of places.slice(0, 6)) {
    const [named] = settingsNames((await tree.text(joined(folder, "manage.py"))) ?? "");
    const root = `\`root: ${posix.relative(prefix, folder) || "."}\``;
    roots.push(named ? `${root} (${named.value})` : root);
  }
  return usageError(
    "project.several-manage-py",
    "Several folders hold a manage.py; say which one is deployed",
    {
      seen: places.map((folder) => joined(folder, "manage.py")).join(", "),
      hint: `add to djdeploy.yml: ${roots.join(", or ")}`,
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
