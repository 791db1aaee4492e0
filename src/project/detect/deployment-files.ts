import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { findAll } from "./python-text.ts";

/**
 * What tells servers and containers their settings, in the order in which they are asked: workflows that deploy,
 * images, compose files, process lists, units of systemd and supervisord, and their environment files.
 */
const SOURCES: RegExp[] = [
  /^\.github\/workflows\/[^/]*(?:deploy|release|prod|publish)[^/]*\.ya?ml$/i,
  /(?:^|\/)(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?$|(?:^|\/)[\w.-]+\.(?:Dockerfile|Containerfile)$/,
  /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/,
  /(?:^|\/)Procfile$/,
  /\.service$/,
  /(?:^|\/)supervisor[^/]*(?:\/[^/]+)*\.(?:conf|ini)$|(?:^|\/)supervisord?\.conf$/,
  /(?:^|\/)(?:app\.json|render\.ya?ml|fly\.toml|app\.ya?ml)$/,
];

/** Files for developers and for tests say nothing of production. */
const NOT_PRODUCTION =
  /(?:^|[/._-])(?:dev|devel|development|devcontainer|local|test|tests|testing|ci|override|example|examples|docs?|node_modules)(?:$|[/._-])/i;

/** `NAME=value`, `NAME: value`, `ENV NAME value`, `"NAME": "value"`; of `${NAME:-value}` the value. */
const GIVEN =
  /DJANGO_SETTINGS_MODULE["']?(?:\s*[:=]\s*|[ \t]+)["']?(?:\$\{DJANGO_SETTINGS_MODULE:?-)?([A-Za-z_]\w*(?:\.\w+)*)(?![\w.]*[({])/g;

/** The settings modules that the files of a deployment name, each with the place. */
export async function modulesOfDeployment(tree: Tree): Promise<Detected<string>[]> {
  const files = [...tree.entries.keys()].filter(
    (path) => path.split("/").length <= 5 && !NOT_PRODUCTION.test(path),
  );
  const found: Detected<string>[] = [];
  for (const source of SOURCES)
    for (const path of files.filter((file) => source.test(file)).sort(byDepth))
      for (const { value, line } of findAll((await tree.text(path)) ?? "", GIVEN))
        found.push({ value, evidence: `detected from ${path}:${line}` });
  return found;
}

function byDepth(a: string, b: string): number {
  return a.split("/").length - b.split("/").length || a.localeCompare(b);
}
