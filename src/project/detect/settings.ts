import { posix } from "node:path";
import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { modulesOfDeployment } from "./deployment-files.ts";
import { settingsNames } from "./python-text.ts";

const productionNames = ["production", "prod", "live", "deployment", "deploy", "server"];
const looksDevelopmental = /(?:^|[._])(?:local|dev|devel|development|test|tests|testing|ci|debug)$/;
const looksProductive = new RegExp(`(?:^|[._])(?:${productionNames.join("|")})(?:$|[._])`);

/** A dotted module's file at the revision: `a/b.py` or `a/b/__init__.py`, under root or, for projects that extend sys.path, below it. */
export function moduleFile(tree: Tree, root: string, module: string): string | null {
  const path = module.replaceAll(".", "/");
  for (const candidate of [`${path}.py`, `${path}/__init__.py`]) {
    const direct = joined(root, candidate);
    if (tree.has(direct)) return direct;
  }
  const start = root === "." ? "" : `${root}/`;
  for (const file of tree.entries.keys())
    if (file.startsWith(start) && (file.endsWith(`/${path}.py`) || file.endsWith(`/${path}/__init__.py`)))
      return file;
  return null;
}

/**
 * DJANGO_SETTINGS_MODULE in production: djdeploy.yml, else what the files of a deployment name (see
 * deployment-files.ts), else what wsgi.py, asgi.py and manage.py name; of several the one made for production, and
 * where they name none, a production module that stands beside.
 */
export async function detectSettings(
  tree: Tree,
  root: string,
  configured: string | null,
): Promise<Detected<string>> {
  if (configured !== null) {
    if (moduleFile(tree, root, configured))
      return { value: configured, evidence: "given by django.settings in djdeploy.yml" };
    throw noSuchModule(tree, root, configured, "given by django.settings in djdeploy.yml");
  }
  const deployed = (await modulesOfDeployment(tree)).filter(
    ({ value }) => !looksDevelopmental.test(value) && moduleFile(tree, root, value),
  );
  const served = deployed.find(({ value }) => looksProductive.test(value)) ?? deployed[0];
  if (served) return served;
  const named = await namedModules(tree, root);
  const made = named.find(({ value }) => looksProductive.test(value)) ?? productionBeside(tree, root, named);
  const chosen = made ?? forServers(named);
  if (!chosen || looksDevelopmental.test(chosen.value)) throw undecided(tree, root, chosen);
  if (!moduleFile(tree, root, chosen.value)) throw noSuchModule(tree, root, chosen.value, chosen.evidence);
  return chosen;
}

/** Where the entry files differ, wsgi.py's: manage.py is for developers, the others are for servers. */
function forServers(named: Detected<string>[]): Detected<string> | undefined {
  const served = named.find(({ evidence }) => /[aw]sgi\.py:/.test(evidence));
  return named.find(({ value }) => value === served?.value) ?? named[0];
}

/** What the entry files name: manage.py, then wsgi.py, then asgi.py. */
async function namedModules(tree: Tree, root: string): Promise<Detected<string>[]> {
  const start = root === "." ? "" : `${root}/`;
  const entries = [...tree.entries.keys()].filter(
    (path) => path.startsWith(start) && /^[^/]+\/[aw]sgi\.py$/.test(path.slice(start.length)),
  );
  const found: Detected<string>[] = [];
  for (const path of [joined(root, "manage.py"), ...entries.sort().reverse()])
    for (const { value, line } of settingsNames((await tree.text(path)) ?? ""))
      found.push({ value, evidence: `detected from ${path}:${line}` });
  return found;
}

/** `x.settings`, `x.settings.local` → `x.settings.production`, where there is such a file; `x/settings_prod.py` too. */
function productionBeside(tree: Tree, root: string, named: Detected<string>[]): Detected<string> | undefined {
  for (const { value, evidence } of named) {
    const parent = value.split(".").slice(0, -1).join(".");
    const own = value.split(".").at(-1)!;
    const prefix = parent ? `${parent}.` : "";
    for (const name of productionNames) {
      const beside = own === "settings" || parent === "" ? [] : [`${prefix}${name}`];
      const candidates = [
        `${value}.${name}`,
        ...beside,
        `${prefix}${own}_${name}`,
        `${prefix}${name}_${own}`,
      ];
      for (const candidate of candidates) {
        const file = directFile(tree, root, candidate);
        if (file)
          return {
            value: candidate,
            evidence: `detected from ${file} (${evidence.replace("detected from ", "")} names ${value})`,
          };
      }
    }
  }
  return undefined;
}

function directFile(tree: Tree, root: string, module: string): string | null {
  const file = joined(root, `${module.replaceAll(".", "/")}.py`);
  return tree.has(file) ? file : null;
}

function settingsFiles(tree: Tree, root: string): string[] {
  const start = root === "." ? "" : `${root}/`;
  return [...tree.entries.keys()]
    .filter((path) => path.startsWith(start) && /(?:^|[/_])settings(?:[/_].*)?\.py$/.test(path))
    .slice(0, 8);
}

function undecided(tree: Tree, root: string, chosen: Detected<string> | undefined) {
  const message = chosen
    ? `${chosen.value} looks like settings for development; say which module production uses`
    : "manage.py and wsgi.py do not say which settings module production uses";
  const modules = settingsFiles(tree, root).map((file) => moduleName(root, file));
  const other = modules.find((module) => module !== chosen?.value) ?? "yourproject.settings.production";
  return usageError("project.no-settings", message, {
    seen: [chosen?.evidence, modules.join(", ") || "no settings file"].filter(Boolean).join("; there are "),
    hint: `add to djdeploy.yml: \`django: {settings: ${other}}\``,
  });
}

function noSuchModule(tree: Tree, root: string, module: string, evidence: string) {
  const modules = settingsFiles(tree, root).map((file) => moduleName(root, file));
  return usageError(
    "project.no-settings",
    `The settings module ${module} is not in ${tree.sha.slice(0, 7)}`,
    {
      expected: `${joined(root, module.replaceAll(".", "/"))}.py (${evidence})`,
      seen: modules.join(", ") || "no settings file",
      hint: "commit the file, or name another module in djdeploy.yml: `django: {settings: …}`",
    },
  );
}

function moduleName(root: string, file: string): string {
  return posix
    .relative(root, file)
    .replace(/(?:\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}
