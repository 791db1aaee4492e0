import { type DeployError, usageError } from "../errors.ts";

/** Keys and list indexes from the top of the file. */
export type Path = readonly (string | number)[];

/** One-based, as editors count. */
export interface Position {
  line: number;
  column: number;
}

/** One thing wrong with the file; `message` is a sentence without the place. */
export interface Problem {
  /** The last part of the error's code: `unknown-key`. */
  code: string;
  at: Position;
  message: string;
  expected?: string;
  seen?: string;
  hint?: string;
}

/** `environments.production.hosts[1].port` */
export function dotted(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

/** So many problems are told besides the first. */
const mostTold = 50;

function firstOf(lines: string[]): string[] {
  const more = lines.length - mostTold;
  return more > 0 ? [...lines.slice(0, mostTold), `and ${more} more`] : lines;
}

/** All problems of a file as one error: the first in reading order leads, the others follow in `details.output`. */
export function problemsError(label: string, problems: readonly Problem[]): DeployError {
  const lines = new Map<string, Problem>();
  for (const problem of [...problems].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)) {
    const line = `${label}:${problem.at.line}:${problem.at.column}: ${problem.message}`;
    if (!lines.has(line)) lines.set(line, problem);
  }
  const [first, ...rest] = [...lines.keys()];
  const { code, at, expected, seen, hint } = lines.get(first!)!;
  return usageError(`config.${code}`, first!, {
    at: `${label}:${at.line}:${at.column}`,
    ...(expected === undefined ? {} : { expected }),
    ...(seen === undefined ? {} : { seen }),
    ...(hint === undefined ? {} : { hint }),
    ...(rest.length === 0 ? {} : { output: firstOf(rest).join("\n") }),
  });
}
