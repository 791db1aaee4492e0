import { crossChecks, type Finding, sharedFolders, supportChecks } from "./checks.ts";
import { type Context, explain } from "./explain.ts";
import { isPlain, overlay } from "./overlay.ts";
import type { Path, Position, Problem } from "./problems.ts";
import { environmentName, environmentSchema, fileSchema, type Settings } from "./schema/index.ts";
import { hasOwnNames, isText } from "./schema/walk.ts";
import { readYaml, type Source } from "./yaml.ts";

/** A file that was read: its environments in order, and everything wrong with it. */
export interface Judged {
  environments: Map<string, Settings>;
  /** Names of all environments, also of those with problems. */
  names: string[];
  problems: Problem[];
  /** What the file asks of one environment that this version cannot do. */
  unsupported(environment: string): Problem[];
}

const topOfFile: Position = { line: 1, column: 1 };

/** Reads and judges the text of a djdeploy.yml. Throws nothing: problems are collected. */
export function judge(text: string): Judged {
  const source = readYaml(text, isText);
  const environments = new Map<string, Settings>();
  const judged: Judged = { environments, names: [], problems: [...source.problems], unsupported: () => [] };
  if (judged.problems.length > 0) return judged;
  const { value } = source;
  if (value === null) {
    judged.problems.push({
      code: "empty",
      at: topOfFile,
      message: "the file is empty",
      hint: "djdeploy init writes one; the smallest has app and environments.production.hosts",
    });
    return judged;
  }

  const file = fileSchema.safeParse(value);
  if (!file.success) judged.problems.push(...explain(file.error.issues, context(source, value, [])));
  if (!isPlain(value) || !isPlain(value.environments)) return judged;

  const { environments: written, ...top } = value;
  for (const [name, own] of Object.entries(written as Record<string, unknown>)) {
    if (!environmentName.safeParse(name).success || (own !== null && !isPlain(own))) continue;
    judged.names.push(name);
    const merged = overlay(top, own ?? {}, hasOwnNames);
    const prefix = ["environments", name];
    const result = environmentSchema.safeParse(merged);
    if (result.success) {
      environments.set(name, result.data);
      judged.problems.push(...placed(crossChecks(result.data), source, prefix));
    } else judged.problems.push(...explain(result.error.issues, context(source, merged, prefix)));
  }
  for (const { environment, ...finding } of sharedFolders(environments))
    judged.problems.push(...placed([finding], source, ["environments", environment]));
  judged.unsupported = (name) =>
    placed(supportChecks(environments.get(name)!), source, ["environments", name]);
  judged.problems = onceEach(judged.problems);
  return judged;
}

/** What the top level got wrong shows again in every environment: told once, where it is written. */
function onceEach(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const sentence = problem.message.replace(/(^| in )environments\.[\w-]+\.?/, "$1");
    const key = `${problem.at.line}:${problem.at.column} ${sentence}`;
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}

/** Where a path below an environment is written: in the environment, else at the top level, else where it would go. */
function locator(source: Source, prefix: Path): Context["locate"] {
  return (path, part) => {
    for (let length = path.length; length > 0; length--) {
      const shorter = path.slice(0, length);
      const which = length === path.length ? part : "key";
      const found = source.locate([...prefix, ...shorter], which) ?? source.locate(shorter, which);
      if (found) return found;
    }
    return source.locate(prefix, "key") ?? topOfFile;
  };
}

function context(source: Source, value: unknown, prefix: Path): Context {
  return { value, prefix, locate: locator(source, prefix) };
}

function placed(findings: Finding[], source: Source, prefix: Path): Problem[] {
  const locate = locator(source, prefix);
  return findings.map(({ path, part, ...problem }) => ({ ...problem, at: locate(path, part) }));
}
