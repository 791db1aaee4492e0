import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { isPlain } from "./overlay.ts";
import { dotted, type Path, type Position, type Problem } from "./problems.ts";
import { environmentKeys, topKeys } from "./schema/index.ts";
import { childKeys } from "./schema/walk.ts";

type Issue = z.core.$ZodIssue;

/** What the explanation of an issue needs to know of the file. */
export interface Context {
  value: unknown;
  /** Shown before the path, for what stands below an environment. */
  prefix: Path;
  locate(path: Path, part: "key" | "value"): Position;
}

/** Zod's issues as sentences: what was expected, what was seen, what was probably meant. */
export function explain(issues: readonly Issue[], context: Context, base: Path = []): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...(issue.path as (string | number)[])];
    if (issue.code === "invalid_union") {
      const inner = issue.errors.filter(
        (branch) => branch.length > 0 && branch.every(({ path: at }) => at.length > 0),
      );
      const strange = issue.errors.filter((branch) =>
        branch.some(({ code }) => code === "unrecognized_keys"),
      );
      const told = inner[0] ?? strange[0];
      if (told) return explain(told, context, path);
    }
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) => unknownKey([...path, name], context));
    if (issue.code === "invalid_key") return [badName(issue, path, context)];
    const seen = at(context.value, path);
    if (seen === undefined) return [missing(path, issue.message, context)];
    return [badValue(issue, path, seen, context)];
  });
}

function unknownKey(path: Path, context: Context): Problem {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const guess = nearest(name, childKeys([...context.prefix, ...parent]));
  let tail = "";
  if (guess) tail = `; did you mean "${guess}"?`;
  else if (parent.length === 0 && context.prefix.length === 0 && Object.hasOwn(environmentKeys, name))
    tail = "; it belongs under environments.NAME";
  else {
    const home = Object.keys(topKeys).find((key) => childKeys([key]).includes(name));
    if (home && home !== parent[0]) tail = `; did you mean ${home}.${name}?`;
  }
  const within = parent.length === 0 ? "" : ` in ${shown(parent, context)}`;
  return {
    code: "unknown-key",
    at: context.locate(path, "key"),
    message: `unknown key "${name}"${guess ? "" : within}${tail}`,
    expected: childKeys([...context.prefix, ...parent]).join(", "),
    seen: name,
  };
}

function badName(issue: z.core.$ZodIssueInvalidKey, path: Path, context: Context): Problem {
  const name = String(path.at(-1));
  const inner = issue.issues[0];
  const values = inner?.code === "invalid_value" ? inner.values.map(String) : [];
  const expected = values.length > 0 ? `one of ${values.join(", ")}` : (inner?.message ?? "another name");
  const guess = nearest(name, values);
  return {
    code: "bad-value",
    at: context.locate(path, "key"),
    message: `${shown(path.slice(0, -1), context)}: expected ${expected}, not ${JSON.stringify(masked(name, path))}${guess ? `; did you mean "${guess}"?` : ""}`,
    expected,
    seen: masked(name, path),
  };
}

function missing(path: Path, expected: string, context: Context): Problem {
  const parent = path.slice(0, -1);
  const within = parent.length + context.prefix.length === 0 ? "" : ` in ${shown(parent, context)}`;
  return {
    code: "missing-key",
    at: context.locate(parent, "key"),
    message: `missing key "${path.at(-1)}"${within}: ${expected}`,
    expected,
    seen: "nothing",
  };
}

function badValue(issue: Issue, path: Path, value: unknown, context: Context): Problem {
  const expected = issue.message;
  const seen = show(value, path);
  return {
    code: issue.code === "invalid_type" ? "wrong-type" : "bad-value",
    at: context.locate(path, "value"),
    message: `${shown(path, context) || "the file"}: expected ${expected}, not ${seen}${advice(expected, value)}`,
    expected,
    seen,
  };
}

/** What to write instead, for the slips everybody makes. */
function advice(expected: string, value: unknown): string {
  if (typeof value === "number" && expected.includes("a duration such as"))
    return `; write ${value}s or ${value}ms`;
  if (typeof value === "number" && expected.includes("specifier")) return '; write ">=3.12" in quotes';
  if (typeof value === "number" && expected.includes("a percentage")) return `; write ${value}%`;
  if (typeof value === "number" && expected.includes("status codes")) return `; write [${value}]`;
  if (typeof value === "string" && expected.startsWith("a list of") && !value.includes(","))
    return `; write [${value}]`;
  if (typeof value === "string") {
    const words = expected.split(/, | or /).filter((word) => /^[a-z-]+$/.test(word));
    const guess = nearest(value, words);
    if (guess) return `; did you mean "${guess}"?`;
  }
  return "";
}

function show(value: unknown, path: Path): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isPlain(value)) return Object.keys(value).length === 0 ? "an empty map" : "a map";
  if (typeof value === "string") return JSON.stringify(masked(value, path));
  return String(value);
}

/** Below env, only the part that can be a name: a value put where a name belongs (`SECRET_KEY=…`) may be a secret. */
function masked(text: string, path: Path): string {
  const most = path.includes("env") ? /^\w{0,40}/.exec(text)![0].length : 60;
  return text.length > most ? `${text.slice(0, most)}[…]` : text;
}

function shown(path: Path, context: Context): string {
  return dotted([...context.prefix, ...path]);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<string, unknown> | null | undefined)?.[part],
    value,
  );
}
