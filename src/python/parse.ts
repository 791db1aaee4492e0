import type { Constant, ExprNode, Module, StmtNode } from "py-ast";
import { parse } from "py-ast";

export type { ExprNode as Expr, StmtNode as Stmt } from "py-ast";

/** A place that could not be read; lines count from 1. */
export interface SyntaxProblem {
  line: number;
  column: number;
  message: string;
}

export interface ParsedModule {
  body: StmtNode[];
  /** Lines of the text, for excerpts and comments. */
  lines: string[];
  /** Empty when the whole file parsed; else what was skipped. */
  problems: SyntaxProblem[];
}

/**
 * Parses Python 3 as CPython 3.14 would, positions as in the text given. Never throws: a statement that cannot be
 * read is left out and named in `problems`, the rest is still there.
 */
export function parseModule(text: string): ParsedModule {
  const source = normalise(text);
  const lines = source.split("\n");
  const first = tryParse(source);
  const other = first.ok ? source : bracketed(withoutAsync(source));
  const whole = other === source ? first : tryParse(other, first);
  if (whole.ok) return { body: whole.module.body, lines, problems: [] };
  const recovered = recover(lines);
  return { body: recovered, lines, problems: [whole.problem] };
}

/** What py-ast does not read but Python does; neither lines nor columns of what follows on other lines move. */
function normalise(text: string): string {
  return (
    text
      .replace(/^\uFEFF/, "")
      .replace(/\r\n?/g, "\n")
      // Before a statement it counts for nothing, nor does what stands before it: a page begins there.
      .replace(/^(?:[ \t]*\f)+/gm, "")
      .replace(/\f/g, " ")
      .replace(/^([ \t]*except[ \t]+)([^\s(:*][^:()\n]*,[^:()\n]*):/gm, "$1($2):")
  );
}

/** `case a, *rest:` as `case (a, *rest):`, and `match` likewise; the columns of other lines do not move. */
const bracketed = (source: string): string =>
  source
    .replace(/^([ \t]*case[ \t]+)([^:#\n]*,[^:#\n]*?)((?:[ \t]+if\b[^\n]*)?:)/gm, "$1($2)$3")
    .replace(/^([ \t]*match[ \t]+)([^:#\n([{]*,[^:#\n]*)(:[ \t]*(?:#.*)?)$/gm, "$1($2)$3");

/** py-ast reads no `async for` in a set or a dict: there it is read as `for`, at the same place. */
const withoutAsync = (source: string): string =>
  source.replace(/(?<=\S.*)\basync(?=\s+for\b)|^([ \t]*)async(?=\s+for\b(?!.*:\s*(?:#.*)?$))/gm, (found) =>
    found.replace("async", "     "),
  );

type Attempt = { ok: true; module: Module } | { ok: false; problem: SyntaxProblem };

function tryParse(source: string, otherwise?: Attempt): Attempt {
  try {
    const module = parse(source) as Module;
    if (/^[ \t]*\(/m.test(source)) for (const node of module.body) markAnnotations(node);
    return { ok: true, module };
  } catch (error) {
    if (otherwise) return otherwise;
    // RangeError: brackets nested deeper than the stack.
    const e = error as { message?: string; lineno?: number; col_offset?: number };
    const message = (e.message ?? String(error)).replace(/ at line \d+, column \d+$/, "");
    return { ok: false, problem: { line: e.lineno ?? 1, column: (e.col_offset ?? 0) + 1, message } };
  }
}

/** `(x): int` annotates no name: py-ast takes the brackets away and calls it simple. */
function markAnnotations(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node) markAnnotations(one);
    return;
  }
  const own = node as {
    nodeType?: string;
    simple?: number;
    col_offset?: number;
    lineno?: number;
    target?: { col_offset: number; lineno: number };
  };
  if (
    own.nodeType === "AnnAssign" &&
    own.target &&
    (own.target.col_offset !== own.col_offset || own.target.lineno !== own.lineno)
  )
    own.simple = 0;
  for (const key of ["body", "orelse", "finalbody", "handlers", "cases"] as const)
    markAnnotations((node as Record<string, unknown>)[key]);
}

/** A text in which a character is named, which py-ast leaves as it is written: nobody here knows the names. */
export const hasNamedCharacter = (node: Constant): boolean =>
  typeof node.value === "string" &&
  /\\N\{[^}]+\}/.test(node.value) &&
  !/^[bB]?[rR]/.test(node.quote_style ?? "");

/** A line that starts a statement at the left margin. */
const startsStatement = /^(?![\s#)\]}]|else\b|elif\b|except\b|finally\b|$)/;

/** Cuts at the left margin and keeps every piece that parses, joining the next line to one that does not. */
function recover(lines: string[]): StmtNode[] {
  const starts: number[] = [];
  for (const [i, line] of lines.entries()) if (startsStatement.test(line)) starts.push(i);
  const body: StmtNode[] = [];
  for (let n = 0; n < starts.length; n++) {
    // A triple-quoted string may hold lines that look like statements: try a few longer pieces.
    for (let more = 1; more <= 4 && n + more <= starts.length; more++) {
      const from = starts[n] ?? 0;
      const to = starts[n + more] ?? lines.length;
      const piece = tryParse(`${"\n".repeat(from)}${lines.slice(from, to).join("\n")}\n`);
      if (!piece.ok) continue;
      body.push(...piece.module.body);
      n += more - 1;
      break;
    }
  }
  return body;
}

/** The kinds that py-ast's constants do not tell apart by their JavaScript value. */
export function constantKind(
  node: Constant,
  lines: string[],
): "bytes" | "ellipsis" | "float" | "complex" | "plain" {
  if (typeof node.value === "string") {
    // Literals in patterns and f-strings carry no quote_style either: the text decides.
    if (node.quote_style === undefined)
      return node.value === "..." && lines[node.lineno - 1]?.[node.col_offset] === "." ? "ellipsis" : "plain";
    return /^[rR]?[bB]/.test(node.quote_style) ? "bytes" : "plain";
  }
  if (typeof node.value === "number") {
    const text = lines[node.lineno - 1]?.slice(node.col_offset, node.end_col_offset) ?? "";
    return /^0[xX]/.test(text) || !/[.eE]/.test(text) ? "plain" : "float";
  }
  return typeof node.value === "object" && node.value !== null ? "complex" : "plain";
}

/** `a.b.c` of a chain of names, null for anything else. */
export function dottedName(node: ExprNode): string | null {
  if (node.nodeType === "Name") return node.id;
  if (node.nodeType !== "Attribute") return null;
  const left = dottedName(node.value);
  return left === null ? null : `${left}.${node.attr}`;
}
