import type { Evaluation } from "../../python/evaluate.ts";
import { dottedName, type Expr } from "../../python/source/parse.ts";
import { bindings, walk } from "../../python/source/walk.ts";
import { sourceText } from "./text.ts";

/** A function by which the project reads variables, and how it is called. */
export interface Reader {
  /** As written before the bracket: `env.bool`, `os.environ.get`, `env_bool`. */
  callee: string;
  calls: number;
  /** How a default is given: by keyword, as a value, or as a text; null when it never is. */
  default: { keyword: string } | "value" | "text" | null;
}

/** How the settings and what they import read the environment. */
export interface Reads {
  /** Most used first. */
  readers: Reader[];
  /** What stands before a setting's name in the name of its variable, `DJANGO_`; "" for most projects. */
  prefix: string;
  quote: '"' | "'";
  /** How many flags are read from the environment, and how many are written down as they are. */
  flags: { read: number; written: number };
}

const FLAG =
  /^(?:DEBUG|(?:SESSION|CSRF)_COOKIE_(?:SECURE|HTTPONLY)|SECURE_(?:SSL_REDIRECT|HSTS_\w+|CONTENT_\w+))$/;
const VARIABLE = /^[A-Z][A-Z0-9_]{2,}$/;

const known = new WeakMap<Evaluation, Reads>();

/** Found once for an evaluation. */
export function readsOf(e: Evaluation): Reads {
  const found = known.get(e) ?? findReads(e);
  known.set(e, found);
  return found;
}

function findReads(e: Evaluation): Reads {
  const readers = new Map<string, Reader>();
  const prefixes = new Map<string, number>();
  const quotes = { '"': 0, "'": 0 };
  const flags = { read: 0, written: 0 };
  for (const [file, { body }] of e.parsed) {
    const source = sourceText(e.machine.tree.read(file) ?? "");
    for (const { node, around } of walk(body)) {
      const own = around.at(-1);
      const target = own ? bindings(own)[0] : undefined;
      const read = readIn(node as Expr);
      if (read) {
        add(readers, read);
        const mark = source.text[source.range(read.argument)[0]];
        if (mark === '"' || mark === "'") quotes[mark]++;
        if (target && read.name.endsWith(target)) count(prefixes, read.name.slice(0, -target.length));
        if (target && FLAG.test(target)) flags.read++;
      }
      if (node.nodeType === "Assign" && FLAG.test(bindings(node)[0] ?? "") && isWritten(node.value))
        if (bindings(node)[0] !== "DEBUG")
          // DEBUG = False is what a production module says whatever its style.
          flags.written++;
    }
  }
  return {
    readers: [...readers.values()].sort((a, b) => b.calls - a.calls),
    prefix: [...prefixes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "",
    quote: quotes["'"] > quotes['"'] ? "'" : '"',
    flags,
  };
}

const count = (into: Map<string, number>, key: string): void => {
  into.set(key, (into.get(key) ?? 0) + 1);
};

function isWritten(value: Expr): boolean {
  return value.nodeType === "Constant" || (value.nodeType === "UnaryOp" && value.operand.nodeType === "Name");
}

interface Read {
  callee: string;
  name: string;
  argument: Expr;
  default: Reader["default"];
}

/** `f("NAME", …)` or `os.environ["NAME"]`; null for anything else. */
function readIn(node: Expr): Read | null {
  if (node.nodeType === "Subscript") {
    const of = dottedName(node.value);
    const { slice } = node;
    if (!of || !/(?:^|\.)environ$/.test(of) || slice.nodeType !== "Constant") return null;
    return typeof slice.value === "string"
      ? { callee: `${of}.get`, name: slice.value, argument: slice, default: null }
      : null;
  }
  if (node.nodeType !== "Call") return null;
  const callee = dottedName(node.func);
  const [argument, second] = node.args;
  if (!callee || argument?.nodeType !== "Constant") return null;
  const name = argument.value;
  if (typeof name !== "string" || !VARIABLE.test(name) || /\.(?:append|add|setdefault)$/.test(callee))
    return null;
  const keyword = node.keywords.find((k) => k.arg === "default" || k.arg === "fallback")?.arg;
  if (keyword) return { callee, name, argument, default: { keyword } };
  if (second === undefined) return { callee, name, argument, default: null };
  const text = second.nodeType === "Constant" && typeof second.value === "string";
  return { callee, name, argument, default: text ? "text" : "value" };
}

function add(readers: Map<string, Reader>, read: Read): void {
  const reader = readers.get(read.callee);
  if (!reader) readers.set(read.callee, { callee: read.callee, calls: 1, default: read.default });
  else {
    reader.calls++;
    reader.default ??= read.default;
  }
}
