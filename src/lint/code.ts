import type { Place, Value } from "../python/logic/values.ts";
import { bool, FALSE, NONE, num, str, TRUE } from "../python/logic/values.ts";
import type { Expr } from "../python/source/parse.ts";
import { dottedName } from "../python/source/parse.ts";
import { type Judge, or, setting } from "./judge.ts";

/** What the text of the settings says, for what no value shows: calls, writes, the order of statements. */
export interface CodeNode {
  nodeType: string;
  lineno: number;
  col_offset: number;
  end_lineno?: number;
}

export interface Code {
  file: string;
  node: CodeNode;
  /** Stands at the left margin: executed whenever the file is. */
  always: boolean;
}

export interface Call extends Code {
  /** `logging.config.dictConfig` */
  name: string;
  args: Expr[];
  keywords: { arg?: string; value: Expr }[];
}

const known = new WeakMap<object, Code[]>();

/** Every statement and expression of the executed files, in order; not what stands in functions and classes. */
export function codeOf(j: Judge): Code[] {
  const before = known.get(j.evaluation);
  if (before) return before;
  const found: Code[] = [];
  const visit = (file: string, value: unknown, always: boolean): void => {
    if (Array.isArray(value)) for (const one of value) visit(file, one, always);
    else if (isNode(value)) {
      if ("lineno" in value) found.push({ file, node: value, always });
      if (/^(Async)?FunctionDef$|^ClassDef$|^Lambda$/.test(value.nodeType)) return;
      const own = always && !/^(If|Try|TryStar|For|While|Match|IfExp)$/.test(value.nodeType);
      for (const part of Object.values(value))
        if (typeof part === "object" && part !== null) visit(file, part, own);
    }
  };
  for (const file of j.evaluation.files) visit(file, j.evaluation.parsed.get(file)?.body, true);
  known.set(j.evaluation, found);
  return found;
}

const isNode = (v: unknown): v is CodeNode =>
  typeof v === "object" && v !== null && typeof (v as CodeNode).nodeType === "string";

/** The calls whose dotted name fits. */
export function callsOf(j: Judge, name: RegExp): Call[] {
  return codeOf(j).flatMap((code) => {
    if (code.node.nodeType !== "Call") return [];
    const call = code.node as unknown as { func: Expr; args: Expr[]; keywords: Call["keywords"] };
    const own = dottedName(call.func);
    if (own === null || !name.test(own)) return [];
    return [{ ...code, name: own, args: call.args, keywords: call.keywords }];
  });
}

export const placeOfCode = ({ file, node }: Code): Place => ({
  t: "place",
  file,
  line: node.lineno,
  column: node.col_offset + 1,
});

/** The worlds in which a call of something outside the project is made; what stands at the margin always is. */
export function reached(j: Judge, call: Code): Value {
  const { lineno, end_lineno = lineno } = call.node;
  let when: Value = FALSE;
  for (const note of j.evaluation.notes)
    if (note.place.file === call.file && note.place.line >= lineno && note.place.line <= end_lineno)
      when = or(when, note.when);
  return call.always ? TRUE : when;
}

/** What an argument is: a constant, or a setting by its name; null when it is neither. */
export function argument(j: Judge, call: Call, name: string): Value | null {
  const expr = call.keywords.find((k) => k.arg === name)?.value;
  return expr ? plainValue(j, expr) : null;
}

export const isGiven = (call: Call, name: string): boolean =>
  call.keywords.some((k) => k.arg === name || k.arg === undefined);

export function plainValue(j: Judge, expr: Expr): Value | null {
  if (expr.nodeType === "Name") return /^[A-Z][A-Z0-9_]*$/.test(expr.id) ? setting(j, expr.id) : null;
  if (expr.nodeType !== "Constant") return null;
  const { value } = expr;
  if (typeof value === "string") return str(value);
  if (typeof value === "number") return num(value);
  if (typeof value === "boolean") return bool(value);
  return value === null ? NONE : null;
}

/** Does a line of the settings read the name? Then the project uses it itself. */
export function isReadAgain(j: Judge, name: string): boolean {
  return codeOf(j).some(({ node }) => {
    const own = node as unknown as { id?: string; ctx?: { nodeType: string } };
    return node.nodeType === "Name" && own.id === name && own.ctx?.nodeType === "Load";
  });
}

/** Every name that occurs in an expression or statement. */
export function namesIn(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const one of node) namesIn(one, found);
  else if (typeof node === "object" && node !== null) {
    const own = node as { nodeType?: string; id?: string };
    if (own.nodeType === "Name" && own.id !== undefined) found.add(own.id);
    else for (const part of Object.values(node)) if (typeof part === "object") namesIn(part, found);
  }
  return found;
}

export const mentions = (node: unknown, name: string): boolean => namesIn(node).has(name);
