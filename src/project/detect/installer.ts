import type { Config } from "../../config/types.ts";
import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected, Installer, Project } from "../types.ts";
import { groupedPackages, parseToml, pipenvPackages, uvPackages } from "./lock-files.ts";
import { readClosure } from "./requirement-files.ts";
import { parseRequirements } from "./requirement-lines.ts";

/** What the release's environment is built from. */
export type Dependencies = Pick<
  Project,
  "installer" | "requirements" | "requirementArguments" | "declared" | "packages" | "hashed"
>;

const lockFiles: [string, Installer][] = [
  ["uv.lock", "uv"],
  ["poetry.lock", "poetry"],
  ["pdm.lock", "pdm"],
  ["Pipfile.lock", "pipenv"],
];
const requirementNames = ["requirements/production.txt", "requirements/prod.txt", "requirements.txt"];

/** `folders` are looked through in order: that of manage.py, that of djdeploy.yml, the top. */
export async function detectDependencies(
  tree: Tree,
  folders: string[],
  prefix: string,
  python: Config["python"],
): Promise<Dependencies> {
  const { installer, requirements } = python;
  if (requirements !== "auto") {
    const files = requirements.map((file) => joined(prefix, file));
    const tool = installer === "uv" ? "uv" : "pip";
    return fromRequirements(tree, files, {
      value: tool,
      evidence: "given by python.requirements in djdeploy.yml",
    });
  }
  const given = installer === "auto" ? null : installer;
  const evidence = (file: string) =>
    given ? "given by python.installer in djdeploy.yml" : `detected from ${file}`;
  for (const [name, tool] of lockFiles) {
    const file = firstOf(tree, folders, [name]);
    if (file && (given ?? tool) === tool)
      return fromLock(tree, file, { value: tool, evidence: evidence(file) }, python);
  }
  if (given && given !== "pip" && given !== "uv") throw nothingFor(given, folders);
  const tool = given ?? "pip";
  const list = firstOf(tree, folders, requirementNames);
  if (list) return fromRequirements(tree, [list], { value: tool, evidence: evidence(list) });
  const pyproject = firstOf(tree, folders, ["pyproject.toml"]);
  const declared =
    pyproject && declaredIn((await tree.text(pyproject))!, pyproject, python.extras, python.groups);
  if (pyproject && declared)
    return fromPyproject(pyproject, declared, { value: tool, evidence: evidence(pyproject) });
  throw nothingFor(given, folders);
}

function firstOf(tree: Tree, folders: string[], names: string[]): string | null {
  for (const folder of folders)
    for (const name of names) if (tree.has(joined(folder, name))) return joined(folder, name);
  return null;
}

async function fromRequirements(
  tree: Tree,
  files: string[],
  installer: Detected<Installer>,
): Promise<Dependencies> {
  const closure = await readClosure(tree, files);
  const { packages, hashed } = closure;
  return {
    installer,
    requirements: closure.files,
    requirementArguments: files,
    declared: null,
    packages,
    hashed,
  };
}

async function fromLock(
  tree: Tree,
  file: string,
  installer: Detected<Installer>,
  { extras, groups }: Config["python"],
): Promise<Dependencies> {
  const text = (await tree.text(file))!;
  const described = file.replace(/[^/]+$/, installer.value === "pipenv" ? "Pipfile" : "pyproject.toml");
  const packages =
    installer.value === "uv"
      ? uvPackages(text, file, extras, groups)
      : installer.value === "pipenv"
        ? pipenvPackages(text, file)
        : groupedPackages(text, file, groups);
  const requirements = tree.has(described) ? [file, described] : [file];
  return { installer, requirements, requirementArguments: [], declared: null, packages, hashed: true };
}

function fromPyproject(file: string, declared: string[], installer: Detected<Installer>): Dependencies {
  const packages: Record<string, string | null> = {};
  for (const line of parseRequirements(declared.join("\n")))
    if (line.name) packages[line.name] = line.version ?? null;
  return { installer, requirements: [file], requirementArguments: [], declared, packages, hashed: false };
}

/**
 * `[project] dependencies` with the chosen extras and groups, or these alone; null where the file declares nothing.
 */
export function declaredIn(
  text: string,
  file: string,
  extras: string[],
  groups: string[],
  withProject = true,
): string[] | null {
  const document = parseToml(text, file);
  const project = document.project ?? {};
  if (!Array.isArray(project.dependencies) && groups.length === 0) return null;
  return [
    ...(withProject ? (project.dependencies ?? []) : []),
    ...extras.flatMap((extra) => project["optional-dependencies"]?.[extra] ?? []),
    ...groups.flatMap((group) => groupIn(document["dependency-groups"] ?? {}, group)),
  ];
}

/** Names of the groups and extras that a pyproject.toml knows. */
export function groupsIn(text: string, file: string): { groups: string[]; extras: string[] } {
  const document = parseToml(text, file);
  return {
    groups: Object.keys(document["dependency-groups"] ?? {}),
    extras: Object.keys(document.project?.["optional-dependencies"] ?? {}),
  };
}

/** PEP 735: a group holds requirements and `{include-group = "…"}`. */
function groupIn(groups: Record<string, unknown[]>, name: string, above: string[] = []): string[] {
  if (above.includes(name)) return [];
  return (groups[name] ?? []).flatMap((one) =>
    typeof one === "string"
      ? [one]
      : groupIn(groups, String((one as Record<string, string>)["include-group"]), [...above, name]),
  );
}

function nothingFor(installer: Installer | null, folders: string[]) {
  const looked = folders.map((folder) => folder || ".").join(", ");
  const names = installer
    ? lockFiles.filter(([, tool]) => tool === installer).map(([name]) => name)
    : [...lockFiles.map(([name]) => name), ...requirementNames, "pyproject.toml with [project] dependencies"];
  return usageError("project.no-requirements", "Nothing says which packages the project needs", {
    expected: `${(names.length > 0 ? names : requirementNames).join(", ")} in ${looked}`,
    hint: "pip freeze > requirements.txt, and commit it",
  });
}
