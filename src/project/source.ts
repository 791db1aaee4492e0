import type { Config } from "../config/types.ts";
import { DeployError } from "../errors.ts";
import { topOf } from "../files/within.ts";
import type { SourceTree } from "../python/source/tree.ts";
import type { ServerKind } from "../services/types.ts";
import { exportIgnoredIn } from "./attributes.ts";
import { detectDependencies } from "./detect/installer.ts";
import { detectPython } from "./detect/python-version.ts";
import { detectRoot } from "./detect/root.ts";
import { serverOf } from "./detect/server.ts";
import { detectSettings } from "./detect/settings.ts";
import { excludeMatcher } from "./exclude.ts";
import { openFolder } from "./folder.ts";
import { configPrefix } from "./paths.ts";
import type { Tree } from "./tree.ts";

/** What a lint needs of a project. */
export interface Source {
  /** Absolute path of the folder that paths of files are relative to. */
  top: string;
  files: SourceTree;
  /** Folder with manage.py, relative to the top. */
  root: string;
  /** Dotted name of the settings module. */
  settings: string;
  /** The version of Django that the requirements name, null when they do not. */
  django: string | null;
  /** What the repository says of its Python, as a PEP 440 specifier. */
  python: string;
  /** What would serve it. */
  server: ServerKind;
  /** Does a deploy leave the file out, by `exclude` or export-ignore? */
  leavesOut(path: string): boolean;
}

/** The project around djdeploy.yml as it lies in its folder now, committed or not; git is not needed. */
export async function readFolderSource(config: Config, settingsModule: string | null): Promise<Source> {
  const top = topOf(config.directory);
  const tree = await openFolder(top);
  const prefix = await configPrefix(config, top);
  const excluded = excludeMatcher(config.exclude, prefix);
  const isExcluded = (path: string) => excluded.ignores(path);
  const named = settingsModule ?? config.django.settings;
  const root = await detectRoot({ tree, prefix, configured: config.root, isExcluded, settings: named })
    .then((found) => found.value)
    .catch((error) => {
      // Settings that are named can be judged without a manage.py.
      if (named !== null && config.root === null) return prefix || ".";
      throw error;
    });
  const settings = await detectSettings(
    tree,
    root,
    named,
    settingsModule === null ? "django.settings in djdeploy.yml" : "--settings",
  );
  const files: SourceTree = {
    list: () => [...tree.entries.keys()],
    read: tree.read,
    bytes: tree.content,
  };
  const folders = [...new Set([root === "." ? "" : root, prefix, ""])];
  const packages = await declaredPackages(tree, folders, prefix, config);
  const notExported = await exportIgnoredIn(top, tree);
  const django = packages.django ?? null;
  const python = await detectPython(tree, folders, config.python.version, django);
  return {
    top,
    files,
    root,
    settings: settings.value,
    django,
    python: python.value,
    server: serverOf(config.server.kind, packages),
    leavesOut: (path) => isExcluded(path) || notExported(path),
  };
}

async function declaredPackages(
  tree: Tree,
  folders: string[],
  prefix: string,
  config: Config,
): Promise<Record<string, string | null>> {
  try {
    return (await detectDependencies(tree, folders, prefix, config.python)).packages;
  } catch (error) {
    // Requirements that are missing or broken stop a release; settings can be judged without.
    if (error instanceof DeployError) return {};
    throw error;
  }
}
