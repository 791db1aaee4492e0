import { basename, join } from "node:path";
import type { Config } from "../config/types.ts";
import { asDeployError, type DeployError } from "../errors.ts";
import { detectDependencies } from "./detect/installer.ts";
import { openFolder, readText } from "./folder.ts";
import { tryGit } from "./git.ts";
import { findWorkTree, readRepository } from "./revision.ts";
import { readFolderSource, type Source } from "./source.ts";

/** A variable that the settings read. */
export interface Variable {
  name: string;
  /** What is used when it is not set, as Python text; null = the settings do not load without it. */
  default: string | null;
}

/** What `init` finds in a folder, committed or not; what can not be found out is a problem, never an exception. */
export interface Survey {
  /** Top of the git work tree, absolute, and the folder relative to it ("" for the top). */
  top: string;
  prefix: string;
  /** A name that `app` may have. */
  app: string;
  /** The branch that others get when they clone. */
  branch: string;
  repository: string | null;
  settings: string | null;
  /** Folder with manage.py, relative to `top` ("" for the top itself). */
  root: string;
  /** The file that says which packages are needed, relative to `top`; null where there is none. */
  requirements: string | null;
  /** What it names, with a version where one is pinned. */
  packages: Record<string, string | null>;
  /** The version of Django, where the requirements pin one. */
  django: string | null;
  variables: Variable[];
  /** Lines of a Procfile besides `web`. */
  processes: string[];
  problems: DeployError[];
}

/** Looks at the repository around djdeploy.yml's folder. Throws only where there is no git work tree. */
export async function survey(config: Config): Promise<Survey> {
  const { directory } = config;
  const { top, prefix } = await findWorkTree(directory);
  const problems: DeployError[] = [];
  const source = await readFolderSource(config, null).catch((thrown) => {
    problems.push(asDeployError(thrown));
    return null;
  });
  const folders = [...new Set([source === null || source.root === "." ? "" : source.root, prefix, ""])];
  const needs = await detectDependencies(await openFolder(top), folders, prefix, config.python).catch(
    (thrown) => {
      problems.push(asDeployError(thrown));
      return null;
    },
  );
  return {
    top,
    prefix,
    app: appName(source, top),
    branch: await defaultBranch(top),
    repository: await readRepository(top),
    settings: source?.settings ?? null,
    root: folders[0] ?? "",
    requirements: needs?.requirementArguments[0] ?? needs?.requirements[0] ?? null,
    packages: needs?.packages ?? {},
    django: needs?.packages["django"] ?? null,
    variables: source ? await variablesOf(source) : [],
    processes: processesOf(top, prefix),
    problems,
  };
}

/** The settings package's name where it says something, else the folder's, as `app` may be written. */
function appName(source: Source | null, top: string): string {
  const named = source?.settings.split(".")[0] ?? "";
  const word = ["", "config", "settings", "core", "project", "app", "backend"].includes(named)
    ? basename(top)
    : named;
  const clean = word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return clean.slice(0, 31).replace(/-+$/, "") || "site";
}

/** What origin's HEAD names; without a remote the branch that is checked out. */
async function defaultBranch(top: string): Promise<string> {
  for (const ref of ["refs/remotes/origin/HEAD", "HEAD"]) {
    const found = await tryGit(top, ["symbolic-ref", "--short", "--quiet", ref]);
    if (found.code === 0)
      return found.stdout
        .toString("utf8")
        .trim()
        .replace(/^origin\//, "");
  }
  return "main";
}

/** Every environment variable that the settings read in some world, in the order of the alphabet. */
async function variablesOf({ files, settings, root, django }: Source): Promise<Variable[]> {
  // Read when it is needed, as the lint is (lint/load.ts).
  const { evaluateSettings } = await import(/* webpackChunkName: "lint" */ "../python/evaluate.ts");
  const { reads } = evaluateSettings({
    tree: files,
    settingsModule: settings,
    root: root === "." ? "" : root,
    djangoVersion: django,
    environment: {},
    provided: [],
    packages: null,
  });
  const found = new Map<string, string | null>();
  for (const { name, default: standing } of reads) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    found.set(name, found.get(name) === null ? null : standing);
  }
  return [...found]
    .map(([name, standing]) => ({ name, default: standing }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function processesOf(top: string, prefix: string): string[] {
  return (readText(top, join(prefix, "Procfile")) ?? "")
    .split("\n")
    .filter((line) => /^[A-Za-z0-9_-]+:\s*\S/.test(line) && !/^(?:web|release):/.test(line));
}
