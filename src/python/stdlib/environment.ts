import { each, pure } from "../logic/apply.ts";
import { ite, leaves, toCondition } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone } from "../logic/proofs.ts";
import type { Call, Class, Instance, Obj, Value } from "../logic/values.ts";
import { FALSE, NONE, native, nextId, scope, TRUE, unknown } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { quote } from "../objects/text.ts";
import { readEnv, unsetEnv, writeEnv } from "../outside/variables.ts";

/** Set in every process, to values we do not know. */
const ALWAYS_SET = new Set(["HOME", "PATH", "USER", "PWD", "SHELL", "LANG", "LOGNAME"]);

/** A variable by name, MISSING where it is not set; the read is remembered. */
export function readVariable(
  m: Machine,
  name: Value,
  fallback: string | null,
  cast: string | null = null,
): Value {
  if (name.t === "choice" && leaves(name).length > 12) return unknown("a variable whose name is not known");
  return each(m, name, (n) => {
    if (n.t === "unknown") return unknown(`a variable whose name is not known: ${n.reason}`);
    if (n.t !== "str") return raiseProven(m, isNone(n, "str"), "TypeError", "str expected");
    if (ALWAYS_SET.has(n.v) && m.given[n.v] === undefined)
      return unknown(`the variable ${n.v} of the process`, { type: "str", truthy: true });
    m.reads.push({ name: n.v, place: m.here, default: fallback, cast });
    return readEnv(m, n.v);
  });
}

/** The text of a default, for messages. */
export function defaultText(v: Value | undefined): string | null {
  if (!v) return null;
  switch (v.t) {
    case "str":
      return quote(v.v.length > 60 ? `${v.v.slice(0, 57)}...` : v.v);
    case "num":
      return String(v.v);
    case "bool":
      return v.v ? "True" : "False";
    case "none":
      return "None";
    case "list":
      return v.content.t === "tuple" && v.content.items.length === 0 ? "[]" : "[...]";
    case "path":
      return quote(v.v);
    default:
      return "...";
  }
}

/** `os.environ.get(name, default)`. */
export function getVariable(m: Machine, name: Value, fallback: Value): Value {
  const found = readVariable(m, name, defaultText(fallback));
  return ite(
    toCondition(found, (o) => o.t === "missing"),
    fallback,
    found,
  );
}

/** os.environ and everything that is as good as it. */
export function environObject(m: Machine): Instance {
  const cls: Class = { t: "class", name: "_Environ", bases: [], unknownBase: null, scope: scope() };
  const self: Instance = { t: "instance", cls, scope: scope(), id: nextId() };
  const method = (name: string, call: Call): void => {
    cls.scope.slots.set(name, native(name, call));
  };
  readable(m, method, () => undefined);
  method("__setitem__", ([name = NONE, v = NONE]) => {
    each(m, name, (n) => {
      if (n.t !== "str" || n.v === "" || n.v.includes("=")) return gap("a variable of that name");
      writeEnv(m, n.v, texts(m, v));
      return NONE;
    });
    return NONE;
  });
  method("__delitem__", ([name = NONE]) => {
    item(m, name);
    if (name.t !== "str") return gap("del of a variable");
    unsetEnv(m, name.v);
    return NONE;
  });
  method("setdefault", ([name = NONE, v = NONE]) => {
    const found = readVariable(m, name, defaultText(v));
    const all = ite(
      toCondition(found, (o) => o.t === "missing"),
      v,
      found,
    );
    if (name.t === "str") writeEnv(m, name.v, texts(m, all));
    return all;
  });
  method("pop", ([name = NONE, ...rest]) => {
    const found = rest.length > 0 ? getVariable(m, name, rest[0] as Value) : item(m, name);
    if (name.t === "str") unsetEnv(m, name.v);
    return found;
  });
  method("update", (args, kwargs) => {
    const given = args[0];
    if (given && (given.t !== "dict" || given.open)) return gap("os.environ.update()");
    const entries = given?.t === "dict" ? given.scope.slots : new Map<string, Value>();
    for (const [k, v] of [...entries, ...kwargs])
      if (narrow(m, v).t !== "missing") writeEnv(m, k, texts(m, v));
    return NONE;
  });
  const open = (what: string): Value => unknown(what);
  method("items", () => open("all variables of the environment"));
  method("keys", () => open("all variables of the environment"));
  method("values", () => open("all variables of the environment"));
  method("copy", () => environmentCopy(m));
  method("__len__", () => unknown("the number of variables", { type: "int", truthy: true }));
  return self;
}

/** `environ[name]` */
const item = (m: Machine, name: Value): Value =>
  pure(m, [readVariable(m, name, null)], ([o]) =>
    o?.t === "missing" ? raise(m, "KeyError", name.t === "str" ? name.v : "a variable") : (o ?? NONE),
  );

/** The methods that read one variable; `before` looks first whether that may be done. */
function readable(
  m: Machine,
  method: (name: string, call: Call) => void,
  before: (name: Value) => void,
): void {
  method("get", ([name = NONE, fallback = NONE], kwargs) => {
    before(name);
    return getVariable(m, name, kwargs.get("default") ?? fallback);
  });
  method("__getitem__", ([name = NONE]) => {
    before(name);
    return item(m, name);
  });
  method("__contains__", ([name = NONE]) => {
    before(name);
    return pure(m, [readVariable(m, name, null)], ([o]) => (o?.t === "missing" ? FALSE : TRUE));
  });
}

/**
 * `os.environ.copy()`: a dict that is read like the environment, as long as nobody writes to it, and of each variable as
 * long as that was not written since.
 */
function environmentCopy(m: Machine): Instance {
  const cls: Class = { t: "class", name: "dict", bases: [], unknownBase: null, scope: scope() };
  const self: Instance = { t: "instance", cls, scope: scope(), id: nextId() };
  const method = (name: string, call: Call): void => {
    cls.scope.slots.set(name, native(name, call));
  };
  const before = new Map(m.environment.slots);
  let written = false;
  const asThen = (name: Value): void => {
    const now = m.environment.slots;
    const names = name.t === "str" ? [name.v, "\0open"] : [...new Set([...before.keys(), ...now.keys()])];
    if (written || self.scope.slots.has("\0open") || names.some((n) => before.get(n) !== now.get(n)))
      gap("a copy of os.environ that was written to");
  };
  readable(m, method, asThen);
  for (const name of [
    "__setitem__",
    "__delitem__",
    "setdefault",
    "pop",
    "popitem",
    "update",
    "clear",
    "__ior__",
  ])
    method(name, () => {
      written = true;
      return gap(`${name} of a copy of os.environ`);
    });
  return self;
}

/** Nothing but texts goes into the environment. */
const texts = (m: Machine, v: Value): Value =>
  pure(m, [v], ([o]) =>
    o && isNone(o, "str") ? raiseProven(m, isNone(o, "str"), "TypeError", "str expected") : (o as Obj),
  );
