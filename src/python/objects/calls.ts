import { each, isGuarded, mayRaise } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { leaves, toCondition } from "../logic/decide.ts";
import { isA } from "../logic/exceptions.ts";
import { forget, notFollowed } from "../logic/forget.ts";
import { keyOf } from "../logic/keys.ts";
import { type Machine, note } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { lacksAttribute } from "../logic/proofs.ts";
import { forgetScope } from "../logic/scopes.ts";
import type { Class, Instance, Obj, Value } from "../logic/values.ts";
import { NONE, nextId, scope, tuple, typeName, unknown } from "../logic/values.ts";
import { inOrder } from "./keywords.ts";
import { callFunction } from "./run-function.ts";

/** Calls whatever the value may be, each in its own worlds. */
export function callValue(
  m: Machine,
  callee: Value,
  args: Value[],
  kwargs: Map<string, Value> = new Map(),
): Value {
  return each(m, callee, (f) => callLeaf(m, f, args, kwargs));
}

function callLeaf(m: Machine, f: Obj, args: Value[], kwargs: Map<string, Value>): Value {
  switch (f.t) {
    case "native":
      if (args.some((a) => a.t === "unknown" && a.splat))
        return notFollowed(m, `${f.name}() with arguments that are not known`, args, kwargs);
      return doubted(m, f, f.call(inOrder(f.name, args, kwargs), kwargs));
    case "func":
      return callFunction(m, f, args, kwargs);
    case "bound":
      return callLeaf(m, f.func, [f.self, ...args], kwargs);
    case "class":
      return instantiate(m, f, args, kwargs);
    case "instance": {
      if (f.cls.name === "partial") return callPartial(m, f, args, kwargs);
      const method = classSlot(m, f.cls, "__call__");
      if (method?.t === "func") return callFunction(m, method, [f, ...args], kwargs);
      if (method) return callValue(m, method, [f, ...args], kwargs);
      if (lacksAttribute(f, "__call__")) return noFunction(m, f);
      return notFollowed(m, `call of a ${f.cls.name}`, [f, ...args], kwargs);
    }
    case "unknown":
      if (args.some((a) => isNamespace(m, a)))
        forgetScope(m, m.frame.module.scope, `${f.reason} was given all settings`);
      note(m, "call", f.reason);
      if (!f.harmless) forget(m, [...args, ...kwargs.values()], f.reason);
      return gap(f.reason, {
        ...(f.from ? { from: f.from } : {}),
        ...(f.generated ? { generated: true } : {}),
        ...(f.harmless ? { harmless: true } : {}),
      });
    default:
      return noFunction(m, f);
  }
}

const noFunction = (m: Machine, f: Obj): Value =>
  raiseProven(m, lacksAttribute(f, "__call__"), "TypeError", `'${typeName(f)}' object is not callable`);

/** Functions that give something unknown and never raise. */
const SAFE =
  /^(print|repr|str|id|hash|gethostname|getfqdn|isinstance|hasattr|callable|type|dir|getLogger|note|unknown|is_unknown)$/;

/** What gives something that is not known may have raised instead. */
function doubted(m: Machine, f: Obj & { t: "native" }, made: Value): Value {
  if (!isGuarded(m) || SAFE.test(f.name)) return made;
  const lost = leaves(made).find((o) => o.t === "unknown" && !o.generated);
  if (lost?.t === "unknown")
    mayRaise(
      m,
      toCondition(made, (o) => o.t === "unknown"),
      lost,
    );
  return made;
}

function callPartial(m: Machine, f: Instance, args: Value[], kwargs: Map<string, Value>): Value {
  const first = f.scope.slots.get("args");
  const named = f.scope.slots.get("kwargs");
  const all = new Map([...(named?.t === "dict" ? named.scope.slots : []), ...kwargs]);
  return callValue(
    m,
    f.scope.slots.get("func") ?? NONE,
    [...(first?.t === "tuple" ? first.items : []), ...args],
    all,
  );
}

function isNamespace(m: Machine, v: Value): boolean {
  return v.t === "dict" && v.scope === m.frame.module.scope;
}

/** Makes an object of a class. */
export function instantiate(m: Machine, cls: Class, args: Value[], kwargs: Map<string, Value>): Value {
  if (cls.members) return memberByValue(m, cls, args[0] ?? NONE);
  const make = constructorOf(cls);
  if (make) return make(args, kwargs);
  const made: Instance = { t: "instance", cls, scope: scope(m.pc), id: nextId() };
  if (isA(cls, "BaseException")) {
    made.message =
      args.length > 1
        ? unknown("the text of an exception", { type: "str" })
        : (args[0] ?? { t: "str", v: "" });
    made.scope.slots.set("args", tuple(args));
  }
  const custom = classSlot(m, cls, "__new__");
  if (custom?.t === "func") {
    const result = callFunction(m, custom, [cls, ...args], kwargs);
    if (result.t !== "instance" || result.cls !== cls) return result;
    initialise(m, result, args, kwargs);
    return result;
  }
  initialise(m, made, args, kwargs);
  return made;
}

/** `Color("red")` of an enumeration. */
function memberByValue(m: Machine, cls: Class, v: Value): Value {
  return each(m, v, (o) => {
    if (o.t === "unknown" || o.t === "instance") return o;
    for (const member of cls.members ?? []) {
      const own = member.t === "instance" ? member.scope.slots.get("value") : undefined;
      if (own && own.t !== "choice" && keyOf(own) === keyOf(o)) return member;
    }
    return raise(m, "ValueError", `not a valid ${cls.name}`);
  });
}

function constructorOf(cls: Class): Class["construct"] {
  if (cls.construct) return cls.construct;
  // A subclass of str or int without a constructor of its own is as good as its base.
  const own = cls.scope.slots.has("__init__") || cls.scope.slots.has("__new__");
  if (own) return undefined;
  for (const base of cls.bases) {
    const found = constructorOf(base);
    if (found) return found;
  }
  return undefined;
}

function initialise(m: Machine, made: Instance, args: Value[], kwargs: Map<string, Value>): void {
  const init = classSlot(m, made.cls, "__init__");
  if (init)
    callValue(
      m,
      init.t === "func" || init.t === "native" ? { t: "bound", self: made, func: init } : init,
      args,
      kwargs,
    );
}

/** `v.name(args)`. */
export function callMethod(m: Machine, v: Value, name: string, args: Value[]): Value {
  return callValue(m, m.core.getAttribute(m, v, name), args);
}
