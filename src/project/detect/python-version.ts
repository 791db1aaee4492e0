import type { Config } from "../../config/types.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { parseToml } from "./lock-files.ts";

/** https://docs.djangoproject.com/en/stable/faq/install/#what-python-version-can-i-use-with-django */
const djangoFloors: [string, string][] = [
  ["6.0", "3.12"],
  ["5.0", "3.10"],
  ["4.0", "3.8"],
  ["3.0", "3.6"],
];

/** A PEP 440 specifier: djdeploy.yml, .python-version, requires-python, what this Django needs. */
export async function detectPython(
  tree: Tree,
  folders: string[],
  configured: Config["python"]["version"],
  django: string | null,
): Promise<Detected<string>> {
  if (configured !== "auto")
    return { value: asSpecifier(configured), evidence: "given by python.version in djdeploy.yml" };
  for (const folder of folders) {
    const file = joined(folder, ".python-version");
    const version = /^\s*(?:cpython-|python)?(\d+\.\d+)/m.exec((await tree.text(file)) ?? "")?.[1];
    if (version) return { value: `==${version}.*`, evidence: `detected from ${file}` };
  }
  for (const folder of folders) {
    const file = joined(folder, "pyproject.toml");
    const text = await tree.text(file);
    const document = text === null ? {} : parseToml(text, file);
    const required = document.project?.["requires-python"] ?? document.tool?.poetry?.dependencies?.python;
    if (typeof required === "string")
      return { value: asSpecifier(required), evidence: `detected from ${file}` };
  }
  return djangoFloor(django);
}

function djangoFloor(django: string | null): Detected<string> {
  if (django === null) return { value: ">=3.10", evidence: "a default: no version of Django is pinned" };
  const floor = djangoFloors.find(([from]) => Number.parseInt(django, 10) >= Number.parseInt(from, 10));
  return { value: `>=${floor?.[1] ?? "3.6"}`, evidence: `what Django ${django} needs` };
}

/** `3.12` and Poetry's `^3.11` and `~3.11` as PEP 440 writes them. */
export function asSpecifier(text: string): string {
  const [, sign = "", major, minor] = /^\s*([~^]?)(\d+)(?:\.(\d+))?(?:\.\d+)?\s*$/.exec(text) ?? [];
  if (major === undefined) return text.trim();
  if (sign === "^") return `>=${text.trim().slice(1)},<${Number(major) + 1}`;
  return minor === undefined ? `==${major}.*` : `==${major}.${minor}.*`;
}
