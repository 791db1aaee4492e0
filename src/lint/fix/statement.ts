import type { Evaluation } from "../../python/evaluate.ts";
import type { Expr, Stmt } from "../../python/source/parse.ts";
import { bindings, walk } from "../../python/source/walk.ts";
import { isOwn } from "./place.ts";
import { type SourceText, sourceText } from "./text.ts";

/** A statement that gives one name a value, with the text it stands in. */
export interface Assignment {
  node: Stmt;
  value: Expr;
  file: string;
  source: SourceText;
  /** Statements around it, outermost first. */
  around: Stmt[];
}

/** The assignments of a name in a file of the project that may be written. */
export function assignmentsOf(e: Evaluation, file: string, name: string): Assignment[] {
  const text = e.machine.tree.read(file);
  const parsed = e.parsed.get(file);
  if (text === null || !parsed || !isOwn(file, text)) return [];
  const found: Assignment[] = [];
  let source: SourceText | null = null;
  for (const { node, around } of walk(parsed.body)) {
    if (node.nodeType !== "Assign" && node.nodeType !== "AnnAssign") continue;
    if (!node.value || bindings(node).join() !== name) continue;
    source ??= sourceText(text);
    found.push({ node, value: node.value, file, source, around });
  }
  return found;
}

/** The assignment that stands at a place. */
export function assignmentAt(e: Evaluation, file: string, line: number, name: string): Assignment | null {
  return assignmentsOf(e, file, name).find((a) => a.node.lineno === line) ?? null;
}

/** The source of an expression. */
export function textOf({ source }: Pick<Assignment, "source">, node: Expr): string {
  return source.text.slice(...source.range(node));
}
