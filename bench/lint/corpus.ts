// The trees that src/python/source/parse.ts gives of Python files beside those of CPython, node for node.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constantKind, hasNamedCharacter, parseModule } from "../../src/python/source/parse.ts";

export interface Difference {
  path: string;
  /** What CPython has from the first word that differs on, and what we have. */
  expected: string;
  seen: string;
}

type Node = Record<string, unknown> & { nodeType: string };
type Fields = Record<string, string[]>;

const isNode = (v: unknown): v is Node => typeof v === "object" && v !== null && "nodeType" in v;

const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What nobody here can know: the text of a character that is written by its name. */
const NOT_KNOWN = "?";

function constant(node: Node, lines: string[]): string {
  const own = node as unknown as Parameters<typeof constantKind>[0];
  const v = own.value as unknown;
  if (v === null || v === undefined) return "None";
  if (typeof v === "boolean") return v ? "True" : "False";
  const kind = constantKind(own, lines);
  if (kind === "ellipsis") return "...";
  if (hasNamedCharacter(own)) return NOT_KNOWN;
  if (typeof v === "string") return kind === "bytes" ? `b${quoted(v)}` : quoted(v);
  if (kind === "complex") return kind;
  if (kind !== "float") return BigInt(v as number | bigint).toString(16);
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(Number(v));
  return `f${bits.toString("hex")}`;
}

/** Of an f-string's own texts, which carry no quotes. */
const text = (node: Node): string =>
  hasNamedCharacter(node as unknown as Parameters<typeof constantKind>[0])
    ? NOT_KNOWN
    : quoted(String(node.value));

/** The parts of an f-string: texts that stand beside each other are one. */
function partsOf(values: Node[]): Node[] {
  const out: Node[] = [];
  for (const one of values) {
    const last = out.at(-1);
    if (one.nodeType === "Constant" && last?.nodeType === "Constant")
      out[out.length - 1] = { ...last, value: String(last.value) + String(one.value) };
    else if (one.nodeType !== "Constant" || one.value !== "") out.push(one);
  }
  return out;
}

const SMALL: Record<string, string> = {
  Alias: "alias",
  Arg: "arg",
  Arguments: "arguments",
  Comprehension: "comprehension",
  Keyword: "keyword",
  MatchCase: "match_case",
  WithItem: "withitem",
};

function wordsOf(root: Node, lines: string[], fields: Fields): string[] {
  const out: string[] = [];
  const visit = (node: Node, inside: boolean): void => {
    const { lineno, col_offset, end_lineno, end_col_offset } = node;
    // py-ast writes all kinds with a capital.
    const name = fields[node.nodeType] ? node.nodeType : (SMALL[node.nodeType] ?? node.nodeType);
    const placed = !inside && fields[name] !== undefined && lineno !== undefined;
    out.push(placed ? `${name}@${lineno}:${col_offset}-${end_lineno}:${end_col_offset}` : name);
    if (name === "Constant") {
      out.push(constant(node, lines));
      return;
    }
    const within = inside || name === "JoinedStr";
    for (const field of fields[name] ?? []) {
      const value = node[field];
      if (field === "type_comment" || value === null || value === undefined) continue;
      if (Array.isArray(value)) {
        if (value.length === 0) continue;
        const all = name === "JoinedStr" ? partsOf(value) : value;
        out.push(`.${field}`, `[${all.length}`);
        for (const one of all)
          if (name === "JoinedStr" && one.nodeType === "Constant") out.push("Constant", text(one));
          else each(one, within);
      } else {
        out.push(`.${field}`);
        each(value, within);
      }
    }
  };
  const each = (value: unknown, inside: boolean): void => {
    if (isNode(value)) visit(value, inside);
    else if (value === null || value === undefined) out.push("None");
    else if (typeof value === "boolean") out.push(value ? "True" : "False");
    else out.push(typeof value === "number" ? value.toString(16) : String(value));
  };
  visit(root, false);
  return out;
}

function differenceOf(path: string, expected: string[], fields: Fields): Difference | null {
  const parsed = parseModule(readFileSync(path, "utf8"));
  const problem = parsed.problems[0];
  if (problem) return { path, expected: "a tree", seen: `line ${problem.line}: ${problem.message}` };
  const seen = wordsOf({ nodeType: "Module", body: parsed.body }, parsed.lines, fields);
  const at = expected.findIndex((word, i) => word !== seen[i] && seen[i] !== NOT_KNOWN);
  if (at < 0 && expected.length === seen.length) return null;
  const from = Math.max(0, (at < 0 ? expected.length : at) - 6);
  const part = (words: string[]): string =>
    words
      .slice(from, from + 14)
      .map((word) => (word.length > 60 ? `${word.slice(0, 60)}…` : word))
      .join(" ");
  return { path, expected: part(expected), seen: part(seen) };
}

/** Compares the trees of files that the given CPython reads; gives those that differ, and how many it read. */
export function compareTrees(python: string, paths: string[]): { read: number; differences: Difference[] } {
  const text = execFileSync(python, ["-I", "-W", "ignore", "bench/lint/corpus.py"], {
    input: paths.join("\n"),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const [first = "{}", ...rest] = text.split("\n");
  const fields = JSON.parse(first) as Fields;
  const differences: Difference[] = [];
  let read = 0;
  for (const line of rest) {
    if (line === "") continue;
    const [path, expected] = JSON.parse(line) as [string, string[] | null];
    if (expected === null) continue;
    read++;
    const found = differenceOf(path, expected, fields);
    if (found) differences.push(found);
  }
  return { read, differences };
}

/** The Python files in a folder and below, links aside, in an order that stays. */
export function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pythonFiles(path);
      return entry.isFile() && entry.name.endsWith(".py") ? [path] : [];
    });
}

/** The command: prints the differences and the numbers; true when there are none. */
export function corpusCommand(python: string, folders: string[]): boolean {
  const paths = folders.flatMap(pythonFiles);
  let read = 0;
  let differ = 0;
  // Some at a time: a tree takes much more room than its file.
  for (let i = 0; i < paths.length; i += 100) {
    const some = compareTrees(python, paths.slice(i, i + 100));
    read += some.read;
    differ += some.differences.length;
    for (const d of some.differences)
      process.stdout.write(`${d.path}\n  CPython: ${d.expected}\n  here:    ${d.seen}\n`);
  }
  process.stdout.write(`${read} files that this CPython reads, ${differ} read otherwise here\n`);
  return differ === 0;
}
