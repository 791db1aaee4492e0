import type { Constant, ExprNode, Module, StmtNode } from "py-ast";
import { parse } from "py-ast";
import { mend } from "./mended.ts";
import { refusedNumber } from "./numbers.ts";
import { normalised, rewritten } from "./rewritten.ts";

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
 * Parses Python 3 as CPython 3.14 would, positions as in the text given: lines from 1, columns from 0 in characters. Never throws: a statement that cannot be
 * read is left out and named in `problems`, the rest is still there.
 */
export function parseModule(text: string): ParsedModule {
  const source = normalised(text);
  const lines = source.split("\n");
  const first = tryParse(source);
  const other = first.ok ? source : rewritten(source);
  const whole = other === source ? first : tryParse(other, first);
  if (whole.ok) return { body: whole.module.body, lines, problems: [] };
  const recovered = recover(other.split("\n"));
  return { body: recovered, lines, problems: [whole.problem] };
}

type Attempt = { ok: true; module: Module } | { ok: false; problem: SyntaxProblem };

function tryParse(source: string, otherwise?: Attempt): Attempt {
  try {
    const module = parse(source) as Module;
    mend(module.body, source);
    const refused = refusedNumber(module.body, source);
    if (refused) throw refused;
    return { ok: true, module };
  } catch (error) {
    if (otherwise) return otherwise;
    // RangeError: brackets nested deeper than the stack.
    const e = error as { message?: string; lineno?: number; col_offset?: number };
    const message = (e.message ?? String(error)).replace(/ at line \d+, column \d+$/, "");
    return { ok: false, problem: { line: e.lineno ?? 1, column: (e.col_offset ?? 0) + 1, message } };
  }
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
