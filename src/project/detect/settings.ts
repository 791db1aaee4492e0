import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { modulesOfDeployment } from "./deployment-files.ts";
import { isFragment } from "./fragment.ts";
import { directFile, moduleFile, moduleName, settingsFiles } from "./module-file.ts";
import { settingsNames } from "./python-text.ts";

const productionNames = ["production", "prod", "live", "deployment", "deploy", "server"];
const looksDevelopmental = /(?:^|[._])(?:local|dev|devel|development|test|tests|testing|ci|debug)$/;
const looksProductive = new RegExp(`(?:^|[._])(?:${productionNames.join("|")})(?:$|[._])`);

/** A module that an entry file names. */
interface Named extends Detected<string> {
  /** Only the beginning of a name: `"pkg.settings." + os.environ["ENV"]`. */
  prefix: boolean;
}

/** Who named a module that was not detected. */
export type NamedBy = "--settings" | "django.settings in djdeploy.yml";

/**
 * DJANGO_SETTINGS_MODULE in production: what is given (by djdeploy.yml or the command line), else what really starts
 * production, in this order: what the files of a deployment give to a server (deployment-files.ts); wsgi.py and asgi.py;
 * manage.py; a production module beside what these name; what a development compose file gives. Of several the one made
 * for production. Never a fragment that only another settings file imports.
 */
export async function detectSettings(
  tree: Tree,
  root: string,
  configured: string | null,
  by: NamedBy = "django.settings in djdeploy.yml",
): Promise<Detected<string>> {
  if (configured !== null) {
    if (moduleFile(tree, root, configured)) return { value: configured, evidence: `given by ${by}` };
    throw noSuchModule(tree, root, configured, `given by ${by}`);
  }
  const mentions = (await modulesOfDeployment(tree)).filter(
    ({ value }) => !looksDevelopmental.test(value) && moduleFile(tree, root, value),
  );
  const deployed = await whole(tree, root, mentions);
  const serving = deployed.filter(({ developing }) => !developing);
  const served = serving.find(({ value }) => looksProductive.test(value)) ?? serving[0];
  if (served) return { value: served.value, evidence: served.evidence };
  const all = await namedModules(tree, root);
  const named = all.filter(({ prefix }) => !prefix);
  const made =
    (
      await whole(
        tree,
        root,
        named.filter(({ value }) => looksProductive.test(value)),
      )
    )[0] ?? (await productionBeside(tree, root, all));
  const chosen = made ?? forServers(named) ?? deployed[0];
  if (!chosen || looksDevelopmental.test(chosen.value)) throw undecided(tree, root, chosen);
  if (!moduleFile(tree, root, chosen.value)) throw noSuchModule(tree, root, chosen.value, chosen.evidence);
  return { value: chosen.value, evidence: chosen.evidence };
}

async function whole<T extends Detected<string>>(tree: Tree, root: string, among: T[]): Promise<T[]> {
  const kept: T[] = [];
  for (const one of among) if (!(await isFragment(tree, root, one.value))) kept.push(one);
  return kept;
}

/** Where the entry files differ, wsgi.py's: manage.py is for developers, the others are for servers. */
function forServers(named: Named[]): Named | undefined {
  const served = named.find(({ evidence }) => /[aw]sgi\.py:/.test(evidence));
  return named.find(({ value }) => value === served?.value) ?? named[0];
}

/** What the entry files name: manage.py, then wsgi.py, then asgi.py; the nearest to manage.py first. */
async function namedModules(tree: Tree, root: string): Promise<Named[]> {
  const start = root === "." ? "" : `${root}/`;
  const entries = [...tree.entries.keys()].filter(
    (path) => path.startsWith(start) && /^(?:[^/]+\/){0,3}[aw]sgi\.py$/.test(path.slice(start.length)),
  );
  const depth = (path: string): number => path.split("/").length;
  const found: Named[] = [];
  for (const path of [
    joined(root, "manage.py"),
    ...entries.sort((a, b) => depth(a) - depth(b) || (a < b ? 1 : -1)),
  ])
    for (const { value, line, prefix } of settingsNames((await tree.text(path)) ?? ""))
      found.push({ value, prefix, evidence: `detected from ${path}:${line}` });
  return found;
}

/** `x.settings`, `x.settings.local` → `x.settings.production`, where there is such a file; `x/settings_prod.py` too. */
async function productionBeside(
  tree: Tree,
  root: string,
  named: Named[],
): Promise<Detected<string> | undefined> {
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
        if (file && !(await isFragment(tree, root, candidate)))
          return {
            value: candidate,
            evidence: `detected from ${file} (${evidence.replace("detected from ", "")} names ${value})`,
          };
      }
    }
  }
  return undefined;
}

function undecided(tree: Tree, root: string, chosen: Detected<string> | undefined) {
  const message = chosen
    ? `${chosen.value} looks like settings for development; say which module production uses`
    : "manage.py and wsgi.py do not say which settings module production uses";
  const modules = settingsFiles(tree, root).map((file) => moduleName(root, file));
  const other = modules.find((module) => module !== chosen?.value) ?? "yourproject.settings.production";
  return usageError("project.no-settings", message, {
    seen: [chosen?.evidence, modules.join(", ") || "no settings file"].filter(Boolean).join("; there are "),
    hint: `add to djdeploy.yml: \`django: {settings: ${other}}\`, or try it with djdeploy lint --settings ${other}`,
  });
}

function noSuchModule(tree: Tree, root: string, module: string, evidence: string) {
  const modules = settingsFiles(tree, root).map((file) => moduleName(root, file));
  const hint = /--settings/.test(evidence)
    ? `name one that is there: --settings ${modules[0] ?? "yourproject.settings"}`
    : "commit the file, or name another module in djdeploy.yml: `django: {settings: …}`";
  return usageError("project.no-settings", `The settings module ${module} is not in ${tree.name}`, {
    expected: `${joined(root, module.replaceAll(".", "/"))}.py (${evidence})`,
    seen: modules.join(", ") || "no settings file",
    hint,
  });
}
