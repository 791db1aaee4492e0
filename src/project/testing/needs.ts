import { posix } from "node:path";
import type { Config } from "../../config/types.ts";
import { usageError } from "../../errors.ts";
import { declaredIn, groupsIn } from "../detect/installer.ts";
import { readClosure } from "../detect/requirement-files.ts";
import { parseRequirements } from "../detect/requirement-lines.ts";
import { configPrefix, joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Project } from "../types.ts";

/** What has to be installed so that the tests run. */
export interface Needs {
  /** Requirement files to be given with -r: the project's, then those for development. */
  files: string[];
  /** Single requirements, from groups and extras of pyproject.toml. */
  lines: string[];
  /** Groups and extras that exist, for tools that know them by name. */
  groups: string[];
  extras: string[];
  /** All files that decide what is installed. */
  closure: string[];
  /** Names of all packages that are asked for. */
  packages: Set<string>;
}

const developmentFiles = [
  ...["dev", "development", "test", "tests", "testing"].flatMap((name) => [
    `requirements/${name}.txt`,
    `requirements-${name}.txt`,
    `requirements_${name}.txt`,
    `${name}-requirements.txt`,
  ]),
  ...["dev.txt", "test.txt"],
];

/** The project's requirements, and those of `test.requirements` and `test.groups`. */
export async function testNeeds(tree: Tree, project: Project, config: Config): Promise<Needs> {
  if (project.installer.value !== "pip" && project.installer.value !== "uv")
    throw usageError(
      "tests.installer",
      `Running the tests with ${project.installer.value} is not yet supported`,
      {
        seen: `installer ${project.installer.value}, ${project.installer.evidence}`,
        hint: "run them in a step of their own and write `test: {command: false}`, or name `python: {requirements: […]}`",
      },
    );
  const prefix = await configPrefix(config, project.directory);
  const folders = foldersOf(project, prefix);
  const development =
    config.test.requirements === "auto"
      ? folders.flatMap((folder) => developmentFiles.map((file) => joined(folder, file))).filter(tree.has)
      : config.test.requirements.map((file) => joined(prefix, file));
  const files = [...new Set([...project.requirementArguments, ...development])];
  const { files: closure, packages } = await readClosure(tree, files);

  const pyproject = folders.map((folder) => joined(folder, "pyproject.toml")).find(tree.has);
  const groups: string[] = [];
  const extras = [...config.python.extras];
  const lines = [...(project.declared ?? [])];
  if (pyproject) {
    const text = (await tree.text(pyproject))!;
    const known = groupsIn(text, pyproject);
    groups.push(
      ...[...config.python.groups, ...config.test.groups].filter((one) => known.groups.includes(one)),
    );
    extras.push(...config.test.groups.filter((one) => known.extras.includes(one)));
    lines.push(...(declaredIn(text, pyproject, extras, groups, false) ?? []));
  }
  const asked = parseRequirements(lines.join("\n")).flatMap(({ name }) => name ?? []);
  return {
    files,
    lines,
    groups,
    extras,
    closure: [...new Set([...project.requirements, ...closure, ...(pyproject ? [pyproject] : [])])],
    packages: new Set([...Object.keys(project.packages), ...Object.keys(packages), ...asked]),
  };
}

/** Where the files that describe a project lie: with manage.py, with djdeploy.yml, at the top. */
export function foldersOf(project: Project, prefix: string): string[] {
  return [...new Set([posix.join(project.root.value, ".") === "." ? "" : project.root.value, prefix, ""])];
}
