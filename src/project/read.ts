import type { Config } from "../config/types.ts";
import { chooseApplication, findApplications } from "./detect/application.ts";
import { detectDependencies } from "./detect/installer.ts";
import { detectPython } from "./detect/python-version.ts";
import { detectRoot } from "./detect/root.ts";
import { detectServer } from "./detect/server.ts";
import { detectSettings } from "./detect/settings.ts";
import { excludeMatcher } from "./exclude.ts";
import { configPrefix } from "./paths.ts";
import { findWorkTree, readRepository, readRevision } from "./revision.ts";
import { keepTree, openTree } from "./tree.ts";
import type { Project } from "./types.ts";

/**
 * What the repository around djdeploy.yml is at a revision (default HEAD): everything is read from the commit, never
 * from the working tree. What djdeploy.yml says wins; the rest is detected, with evidence. Errors are DeployErrors
 * with exit code 2 that name the line to add.
 */
export async function readProject(config: Config, ref: string | null): Promise<Project> {
  const { top } = await findWorkTree(config.directory);
  const [revision, repository, prefix] = await Promise.all([
    readRevision(top, ref),
    readRepository(top),
    configPrefix(config, top),
  ]);
  const tree = await openTree(top, revision.sha);
  const excluded = excludeMatcher(config.exclude, prefix);
  const isExcluded = (path: string) => excluded.ignores(path);
  const root = await detectRoot({
    tree,
    prefix,
    configured: config.root,
    isExcluded,
    settings: config.django.settings,
  });
  const settings = await detectSettings(tree, root.value, config.django.settings);
  const found = await findApplications(tree, root.value, settings.value);
  const folders = [...new Set([root.value === "." ? "" : root.value, prefix, ""])];
  const dependencies = await detectDependencies(tree, folders, prefix, config.python);
  const django = dependencies.packages.django ?? null;
  const python = await detectPython(tree, folders, config.python.version, django);
  const { server, wanted } = detectServer(config.server.kind, dependencies.packages, found);
  const served = chooseApplication(tree, root.value, found, wanted, config.django.application);
  const detected = { root, settings, ...served, server, ...dependencies, python };
  const project: Project = { directory: top, ...detected, revision, repository };
  keepTree(project, tree);
  return project;
}
