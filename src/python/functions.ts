import { evaluate } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import type { Expr, Stmt } from "./parse.ts";
import type { Class, Frame, Func } from "./values.ts";

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
    defaults: args.defaults.map((d) => evaluate(m, d)),
    kwDefaults: args.kw_defaults.map((d) => (d ? evaluate(m, d) : null)),
    owner,
    generator: Array.isArray(body) && body.some(yields),
  };
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
