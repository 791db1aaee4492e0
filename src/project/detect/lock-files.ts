import { parse } from "smol-toml";
import { usageError } from "../../errors.ts";
import { packageName } from "./requirement-lines.ts";

// biome-ignore lint/suspicious/noExplicitAny: foreign documents; every access is guarded
export type Document = Record<string, any>;

type Packages = Record<string, string | null>;

/** Reads TOML; a broken file is a DeployError at file:line:column. */
export function parseToml(text: string, file: string): Document {
  try {
    return parse(text);
  } catch (error) {
    const { line = 1, column = 1, message } = error as { line?: number; column?: number; message: string };
    throw usageError("project.broken-file", `${file} is not valid TOML: ${message.split("\n")[0]}`, {
      at: `${file}:${line}:${column}`,
    });
  }
}

/**
 * uv.lock: what the project itself needs, with the chosen extras and groups. Packages built from a folder of the
 * repository are refused, save the project itself, which is never installed.
 */
export function uvPackages(text: string, file: string, extras: string[], groups: string[]): Packages {
  const all: Document[] = parseToml(text, file).package ?? [];
  const folder = ({ source }: Document) =>
    source?.virtual ?? source?.editable ?? source?.directory ?? source?.path;
  const local = all.find((one) => folder(one) !== undefined && folder(one) !== ".");
  if (local) throw localPackage(local.name, file);
  const queue: Document[] = all
    .filter((one) => folder(one) === ".")
    .flatMap((project) => [
      ...(project.dependencies ?? []),
      ...extras.flatMap((extra) => project["optional-dependencies"]?.[extra] ?? []),
      ...groups.flatMap((group) => project["dev-dependencies"]?.[group] ?? []),
    ]);
  const packages: Packages = {};
  const done = new Set<string>();
  for (let wanted = queue.shift(); wanted; wanted = queue.shift()) {
    const chosen: string[] = wanted.extra ?? [];
    const key = `${wanted.name} ${chosen}`;
    if (done.has(key)) continue;
    done.add(key);
    for (const found of all.filter(({ name }) => name === wanted?.name)) {
      packages[packageName(found.name)] = found.version ?? null;
      queue.push(...(found.dependencies ?? []));
      for (const extra of chosen) queue.push(...(found["optional-dependencies"]?.[extra] ?? []));
    }
  }
  return packages;
}

/** poetry.lock and pdm.lock: every package that is not for other groups alone. */
export function groupedPackages(text: string, file: string, groups: string[]): Packages {
  const wanted = ["main", "default", ...groups];
  const all: Document[] = parseToml(text, file).package ?? [];
  return Object.fromEntries(
    all
      .filter((one) => one.groups === undefined || wanted.some((group) => one.groups.includes(group)))
      .map((one) => [packageName(one.name), one.version ?? null]),
  );
}

/** Pipfile.lock: its default section. */
export function pipenvPackages(text: string, file: string): Packages {
  let lock: Document;
  try {
    lock = JSON.parse(text);
  } catch (error) {
    throw usageError("project.broken-file", `${file} is not valid JSON: ${(error as Error).message}`, {
      at: file,
    });
  }
  const packages: Packages = {};
  for (const [name, one] of Object.entries<Document>(lock.default ?? {})) {
    if (one.path !== undefined || one.file !== undefined) throw localPackage(name, file);
    packages[packageName(name)] = one.version?.replace(/^==/, "") ?? null;
  }
  return packages;
}

function localPackage(name: string, file: string) {
  return usageError(
    "project.local-requirement",
    `Installing ${name} from the repository is not yet supported`,
    { at: file, hint: "publish it to an index, or keep its code beside manage.py" },
  );
}
