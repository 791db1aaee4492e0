import type { Machine } from "../logic/machine.ts";
import type { Class, Frame, Func } from "../logic/values.ts";
import type { Expr, Stmt } from "../source/parse.ts";

type Arguments = (Expr & { nodeType: "Lambda" })["args"];

/** A function object of the project; its defaults are evaluated now, as Python does. */
export function makeFunction(
  m: Machine,
  name: string,
  args: Arguments,
  body: Stmt[] | Expr,
  owner: Class | null,
): Func {
  const plain = {
    posonlyargs: args.posonlyargs,
    args: args.args,
    kwonlyargs: args.kwonlyargs,
    ...(args.vararg ? { vararg: args.vararg } : {}),
    ...(args.kwarg ? { kwarg: args.kwarg } : {}),
  };
  return {
    t: "func",
    name,
    node: { args: plain, body },
    closure: m.frame.isClass ? outOfClass(m.frame) : m.frame,
    defaults: args.defaults.map((d) => m.core.evaluate(m, d)),
    kwDefaults: args.kw_defaults.map((d) => (d ? m.core.evaluate(m, d) : null)),
    owner,
    generator: Array.isArray(body) && body.some(yields),
    locals: localsOf(body),
  };
}

const known = new WeakMap<object, ReadonlySet<string>>();

/** The names a function's body binds: they are its own, but for those it declares to be of elsewhere. */
function localsOf(body: Stmt[] | Expr): ReadonlySet<string> {
  const before = known.get(body);
  if (before) return before;
  const found = new Set<string>();
  const outer = new Set<string>();
  bound(body, found, outer, false);
  for (const name of outer) found.delete(name);
  known.set(body, found);
  return found;
}

function bound(node: unknown, found: Set<string>, outer: Set<string>, inner: boolean): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const n of node) bound(n, found, outer, inner);
    return;
  }
  const n = node as Record<string, unknown> & { nodeType?: string };
  switch (n.nodeType) {
    case "Name":
      if (!inner && (n.ctx as { nodeType: string })?.nodeType !== "Load") found.add(n.id as string);
      return;
    case "NamedExpr":
      found.add((n.target as { id: string }).id);
      bound(n.value, found, outer, inner);
      return;
    case "Global":
    case "Nonlocal":
      for (const name of n.names as string[]) outer.add(name);
      return;
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
      found.add(n.name as string);
      bound([n.decorator_list, n.bases, n.keywords], found, outer, inner);
      return;
    case "Lambda":
      return;
    case "ListComp":
    case "SetComp":
    case "DictComp":
    case "GeneratorExp":
      // Its targets are its own; what it assigns with := is not.
      for (const part of Object.values(n)) bound(part, found, outer, true);
      return;
    case "Import":
    case "ImportFrom":
      for (const a of n.names as { name: string; asname?: string }[])
        found.add(a.asname ?? (a.name.split(".")[0] as string));
      return;
    case "ExceptHandler":
    case "MatchAs":
    case "MatchStar":
      if (n.name) found.add(n.name as string);
      break;
    case "MatchMapping":
      if (n.rest) found.add(n.rest as string);
      break;
  }
  for (const part of Object.values(n)) if (typeof part === "object") bound(part, found, outer, inner);
}

function outOfClass(frame: Frame): Frame {
  let f: Frame = frame;
  while (f.isClass && f.parent) f = f.parent;
  return f;
}

/** Does a statement hold a yield of its own function? */
function yields(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some(yields);
  const { nodeType } = node as { nodeType?: string };
  if (nodeType === "Yield" || nodeType === "YieldFrom") return true;
  if (nodeType === "FunctionDef" || nodeType === "Lambda" || nodeType === "ClassDef") return false;
  return Object.values(node).some(yields);
}
