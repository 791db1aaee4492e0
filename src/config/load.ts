import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { usageError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { insideOf, topOf } from "../files/within.ts";
import { listed, quoted } from "../report/visible.ts";
import { type Judged, judge } from "./judge.ts";
import { nearest } from "./nearest.ts";
import { problemsError } from "./problems.ts";
import { toConfig } from "./resolve.ts";
import type { Config } from "./types.ts";

/** The annotated reference has 20 kB, a fleet of a thousand hosts 100 kB. */
const mostBytes = 1_000_000;

export interface LoadOptions {
  /** Absolute or relative to `cwd`; searched upward from `cwd` when absent. */
  file?: string;
  cwd: string;
  /** null: the only environment of the file. */
  environment: string | null;
}

/**
 * Reads djdeploy.yml and returns one environment with every default filled in. All problems of the file come as one
 * DeployError (exit code 2, `config.*`), the first of them in its message as `djdeploy.yml:12:5: …`.
 */
export async function loadConfig({ file, cwd, environment }: LoadOptions): Promise<Config> {
  const path = file === undefined ? await findConfig(cwd) : resolve(cwd, file);
  const label = labelOf(path, cwd);
  const judged = await readConfig(path, label);
  const name = choose(judged.names, environment, label);
  const unsupported = judged.unsupported(name);
  if (unsupported.length > 0) throw problemsError(label, unsupported);
  return toConfig(path, name, judged.environments.get(name)!);
}

/** The names of the file's environments in their order. Throws as loadConfig does. */
export async function listEnvironments(file: string, cwd = process.cwd()): Promise<string[]> {
  const path = resolve(cwd, file);
  return (await readConfig(path, labelOf(path, cwd))).names;
}

/** The nearest djdeploy.yml in `cwd` or above. */
export async function findConfig(cwd: string): Promise<string> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, "djdeploy.yml");
    if (await stat(path).catch(() => null)) return path;
    if (folder === dirname(folder)) break;
  }
  throw usageError("config.not-found", `no djdeploy.yml in ${resolve(cwd)} or above`, {
    expected: "a file named djdeploy.yml",
    hint: "djdeploy init writes one; --config names another",
  });
}

async function readConfig(path: string, label: string): Promise<Judged> {
  await refuseForeign(path, label);
  const judged = judge(
    await readText(path, {
      label,
      most: mostBytes,
      code: "config.unreadable",
      missing: "config.not-found",
      missingHint: "djdeploy init writes one",
      hint: "--config names djdeploy.yml itself",
    }),
  );
  if (judged.problems.length > 0) throw problemsError(label, judged.problems);
  return judged;
}

/**
 * Problems are told with what stands in the file. So one that is a link out of the repository is not opened: it could
 * lead to /proc/self/environ.
 */
async function refuseForeign(path: string, label: string): Promise<void> {
  const top = topOf(dirname(path));
  // What is no file at all is told by its reader.
  const isFile = await stat(path).then(
    (seen) => seen.isFile(),
    () => false,
  );
  if (!isFile || insideOf(top, relative(top, path)) !== null) return;
  throw usageError(
    "config.unreadable",
    `${quoted(label)} is a symbolic link that leads out of the repository`,
    {
      expected: "a file, or a link to another file of the repository",
      hint: "put the file itself there",
    },
  );
}

function choose(names: string[], wanted: string | null, label: string): string {
  const expected = listed(names);
  if (wanted === null) {
    if (names.length === 1) return names[0]!;
    throw usageError("config.environment-required", `which environment? ${label} has ${expected}`, {
      expected,
      hint: `name one after the verb, such as ${names[0]}`,
    });
  }
  if (names.includes(wanted)) return wanted;
  const guess = nearest(wanted, names);
  const tail = guess ? `; did you mean "${guess}"?` : `, only ${expected}`;
  throw usageError("config.unknown-environment", `${label} has no environment ${quoted(wanted)}${tail}`, {
    expected,
    seen: quoted(wanted),
  });
}

/** The path as the user would type it from where they are. */
function labelOf(path: string, cwd: string): string {
  return relative(cwd, path) || path;
}
