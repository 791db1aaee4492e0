import { leaves } from "../logic/decide.ts";
import { isA } from "../logic/exceptions.ts";
import { at, type Machine } from "../logic/machine.ts";
import { scopeFor, write } from "../logic/scopes.ts";
import type { Class, Frame, Unknown, Value } from "../logic/values.ts";
import { FALSE, NONE, nextId, scope, str, unknown } from "../logic/values.ts";
import { callValue } from "../objects/calls.ts";
import type { Expr, Stmt } from "../source/parse.ts";
import { evaluate } from "./expressions.ts";
import { makeFunction } from "./functions.ts";

export function defineFunction(
  m: Machine,
  node: Stmt & { nodeType: "FunctionDef" | "AsyncFunctionDef" },
): void {
  const decorators = node.decorator_list.map((d) => evaluate(m, d));
  let made: Value = makeFunction(m, node.name, node.args, node.body, m.frame.isClass ? m.frame.cls : null);
  if (node.nodeType === "AsyncFunctionDef") made = unknown(`the coroutine ${node.name}`);
  for (const d of decorators.reverse()) {
    // A decorator from outside the project rarely changes what a helper of the settings returns.
    made =
      d.t === "unknown" ? unknown(`${node.name}() is decorated by ${d.reason}`) : callValue(m, d, [made]);
  }
  write(m, scopeFor(m, node.name), node.name, made);
}

export function defineClass(m: Machine, node: Stmt & { nodeType: "ClassDef" }): void {
  const bases: Class[] = [];
  let unknownBase: Unknown | null = null;
  for (const b of node.bases) {
    const v = evaluateBase(m, b);
    if (v.t === "class") bases.push(v);
    else if (v.t === "unknown") unknownBase = v;
    else if (leaves(v).some((o) => o.t === "unknown" || o.t === "class"))
      unknownBase = unknown("a base that depends on the environment");
  }
  const cls: Class = { t: "class", name: node.name, bases, unknownBase, scope: scope(m.pc, true) };
  if (m.frame.file.startsWith("<")) cls.modelled = true;
  if (node.keywords.some((k) => k.arg === "metaclass" || k.arg === undefined)) cls.decorated = true;
  const outer = m.frame;
  const frame: Frame = {
    ...outer,
    scope: cls.scope,
    parent: outer,
    outer: new Map(),
    isClass: true,
    cls,
    done: FALSE,
    result: NONE,
  };
  m.frame = frame;
  m.core.execute(m, node.body);
  m.frame = outer;
  if (isA(cls, "Enum")) enumerate(m, cls);
  let made: Value = cls;
  for (const d of node.decorator_list) {
    const by = evaluate(m, d);
    cls.decorated = true;
    if (by.t === "func") made = callValue(m, by, [made]);
    else if (by.t === "unknown") cls.unknownBase ??= unknown(`${node.name} is decorated by ${by.reason}`);
  }
  at(m, node);
  write(m, m.frame.scope, node.name, made);
}

function evaluateBase(m: Machine, node: Expr): Value {
  return evaluate(m, node.nodeType === "Starred" ? node.value : node);
}

/** What an enumeration's class body names become: members with a name and a value. */
function enumerate(m: Machine, cls: Class): void {
  const members: Value[] = [];
  for (const [name, v] of cls.scope.slots) {
    if (name.startsWith("_") || v.t === "func" || v.t === "instance" || v.t === "class") continue;
    const slots = new Map<string, Value>([
      ["name", str(name)],
      ["value", v],
      ["_value_", v],
    ]);
    const member: Value = { t: "instance", cls, scope: { slots, born: m.pc, places: null }, id: nextId() };
    if (isA(cls, "str") || isA(cls, "int") || isA(cls, "StrEnum") || isA(cls, "IntEnum"))
      slots.set("\0value", v);
    cls.scope.slots.set(name, member);
    members.push(member);
  }
  cls.members = members;
}
