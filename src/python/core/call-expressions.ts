import { attempt } from "../logic/apply.ts";
import { condensed } from "../logic/condensed.ts";
import { possible } from "../logic/decide.ts";
import { at, type Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import type { Obj, Value } from "../logic/values.ts";
import { unknown } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { callValue } from "../objects/calls.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { castRead } from "../outside/variables.ts";
import type { Expr } from "../source/parse.ts";

export function call(m: Machine, node: Expr & { nodeType: "Call" }): Value {
  return attempt(m, () => called(m, node));
}

function called(m: Machine, node: Expr & { nodeType: "Call" }): Value {
  if (node.func.nodeType === "Name" && node.func.id === "super" && node.args.length === 0) return superOf(m);
  const callee = m.core.evaluate(m, node.func);
  const before = m.reads.length;
  const args: Value[] = [];
  for (const a of node.args) {
    const v = m.core.evaluate(m, a);
    if (a.nodeType !== "Starred") args.push(v);
    else {
      const given = itemsOrRaise(m, v);
      const content = given.t === "choice" ? (condensed(given) ?? given) : given;
      if (content.t === "tuple") args.push(...content.items);
      else args.push(unknown("arguments that depend on the environment", { splat: true }));
    }
  }
  const kwargs = new Map<string, Value>();
  for (const k of node.keywords) {
    const v = m.core.evaluate(m, k.value);
    if (k.arg) kwargs.set(k.arg, v);
    else if (v.t === "dict") {
      for (const [name, x] of v.scope.slots) {
        // Keys that are no texts, and names that are given twice, are a TypeError.
        if (name !== "\0open" && (name[0] === "\0" || kwargs.has(name)))
          return gap("keyword arguments that do not fit");
        if (narrow(m, x).t !== "missing") kwargs.set(name, narrow(m, x));
      }
      if (v.open) kwargs.set("\0open", v.open);
    } else kwargs.set("\0open", unknown("keyword arguments that are not known"));
  }
  if (!possible(m.pc)) return unknown("never executed");
  if (m.reads.length > before && node.func.nodeType === "Name") castRead(m, node.args[0], node.func.id);
  at(m, node);
  return callValue(m, callee, args, kwargs);
}

function superOf(m: Machine): Value {
  const cls = m.frame.cls;
  const self = m.frame.self ?? [...m.frame.scope.slots.values()][0];
  if (!cls || !self) return unknown("super()");
  return (m.builtins.get("super") as Obj & { t: "native" }).call([cls, self], new Map());
}
