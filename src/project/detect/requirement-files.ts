import { posix } from "node:path";
import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import { parseRequirements, type RequirementLine } from "./requirement-lines.ts";
import { rulesOut } from "./requirement-markers.ts";
import { requirementText } from "./requirement-text.ts";

/** Requirement files with everything they include. */
export interface Closure {
  /** In order of first mention, relative to the top. */
  files: string[];
  /** Lower-case names with the pinned version; constraints add versions, not packages. */
  packages: Record<string, string | null>;
  /** Every requirement carries a hash. */
  hashed: boolean;
}

/**
 * Follows `-r` and `-c` through all files, relative to the including file as pip does. A missing file, an address
 * instead of a file, and anything local or editable is refused at file:line: an environment that is shared by hash
 * must not hold code of one release.
 */
export async function readClosure(tree: Tree, starts: string[]): Promise<Closure> {
  const files: string[] = [];
  const packages: Record<string, string | null> = {};
  const constraints: Record<string, string> = {};
  let required = 0;
  let hashed = 0;

  async function visit(file: string, constraint: boolean, from: string | null): Promise<void> {
    if (files.includes(file)) return;
    const bytes = await tree.bytes(file);
    if (bytes === null) throw missingFile(tree, file, from);
    files.push(file);
    for (const line of parseRequirements(requirementText(bytes, file))) {
      const at = `${file}:${line.line}`;
      if (line.marker && rulesOut(line.marker)) continue;
      refuseLocal(line, at);
      if (line.kind === "include" || line.kind === "constraint") {
        const target = included(file, line, at);
        await visit(target, constraint || line.kind === "constraint", at);
      } else if (line.kind === "requirement" && constraint) {
        if (line.name && line.version) constraints[line.name] = line.version;
      } else if (line.kind === "requirement") {
        required++;
        if (line.hashed) hashed++;
        if (line.name) packages[line.name] = line.version ?? packages[line.name] ?? null;
      }
    }
  }

  for (const start of starts) await visit(start, false, null);
  for (const [name, version] of Object.entries(constraints)) if (name in packages) packages[name] ??= version;
  return { files, packages, hashed: required > 0 && hashed === required };
}

function included(file: string, line: RequirementLine, at: string): string {
  if (/^[a-z]+:\/\//i.test(line.text))
    throw usageError("project.remote-requirements", "A requirements file from an address can not be pinned", {
      at,
      seen: line.text,
      hint: "commit a copy of it and include that",
    });
  const target = joined(posix.dirname(file), line.text);
  if (target.startsWith("../") || posix.isAbsolute(line.text))
    throw usageError("project.missing-requirements", `${line.text} lies outside the repository`, { at });
  return target;
}

function missingFile(tree: Tree, file: string, from: string | null) {
  return usageError("project.missing-requirements", `The requirements file ${file} is not in ${tree.name}`, {
    at: from ?? "djdeploy.yml, python.requirements",
    hint: `commit ${file}, or remove the line that includes it`,
  });
}

function refuseLocal(line: RequirementLine, at: string): void {
  const versionControlled = /^(?:git|hg|svn|bzr)\+/.test(line.text);
  if (line.kind !== "local" && (line.kind !== "editable" || versionControlled)) return;
  throw usageError(
    "project.local-requirement",
    `Installing ${line.kind === "editable" ? `-e ${line.text}` : line.text} from the repository is not yet supported`,
    {
      at,
      expected:
        "packages from an index or from version control; the repository's own code is imported in place",
      hint: localHint(line.text),
    },
  );
}

/** `asgiref @ file:///home/conda/…/work` is what pip freeze writes in a conda environment: a package all the same. */
function localHint(text: string): string {
  const name = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*@\s*file:/.exec(text)?.[1];
  return name
    ? `that folder is one of the machine where the list was made (pip freeze does so under conda): write ${name}==VERSION, as pip list --format freeze shows it`
    : /\.(?:whl|zip|tar\.gz|tar\.bz2|tgz)(?:$|[\s;#[])/.test(text)
      ? "that file is a package: write its name and version, and put it where pip finds it (an index of your own: python.env has the names of its variables), or name an address: NAME @ https://…/FILE"
      : "remove the line: the folder with manage.py is on Python's path";
}
