import { classSlot, getAttribute, setAttribute } from "./attributes.ts";
import { sequences } from "./builtin-sequences.ts";
import { not, toCondition } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { executeText } from "./execute-text.ts";
import { importByName } from "./imports.ts";
import { deleteItem } from "./items.ts";
import {
  each,
  forgetScope,
  type Machine,
  makeError,
  narrow,
  pure,
  raise,
  raiseWhere,
  write,
} from "./machine.ts";
import { binary, unary } from "./operators.ts";
import { openFile } from "./stdlib/files.ts";
import { formatted, toRepr } from "./text.ts";
import { builtinTypes, isInstance, typeOf } from "./types.ts";
import type { Class, Frame, Value } from "./values.ts";
import {
  dict,
  FALSE,
  list,
  MISSING,
  NONE,
  native,
  nextId,
  num,
  scope,
  str,
  TRUE,
  tuple,
  unknown,
} from "./values.ts";

export type Call = (args: Value[], kwargs: Map<string, Value>) => Value;

/** Python's built-in functions and types. */
export function builtins(m: Machine): Map<string, Value> {
  const all = builtinTypes(m);
  const define = (entries: Record<string, Call>): void => {
    for (const [name, call] of Object.entries(entries)) all.set(name, native(name, call));
  };
  define(sequences(m));
  define(objects(m));
  define({
    print: () => NONE,
    input: () => unknown("input()", { type: "str" }),
    repr: ([v = NONE]) => toRepr(m, v),
    format: ([v = NONE, spec = str("")]) =>
      spec.t === "str" ? formatted(m, v, spec.v) : unknown("a format"),
    abs: ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "num" ? num(Math.abs(o.v), o.float) : unknown("abs()"))),
    round: ([v = NONE, digits]) =>
      pure(m, [v], ([o]) => {
        const by = 10 ** (digits?.t === "num" ? digits.v : 0);
        return o?.t === "num" ? num(Math.round(o.v * by) / by, digits !== undefined) : unknown("round()");
      }),
    divmod: ([a = NONE, b = NONE]) => tuple([binary(m, "FloorDiv", a, b), binary(m, "Mod", a, b)]),
    pow: ([a = NONE, b = NONE]) => binary(m, "Pow", a, b),
    ord: ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "str" ? num(o.v.codePointAt(0) ?? 0) : unknown("ord()"))),
    chr: ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "num" ? str(String.fromCodePoint(o.v)) : unknown("chr()"))),
    id: () => unknown("id()", { type: "int", truthy: true }),
    hash: () => unknown("hash()", { type: "int" }),
    hex: ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "num" ? str(`0x${o.v.toString(16)}`) : unknown("hex()"))),
    open: (args, kwargs) => openFile(m, args[0] ?? NONE, args[1] ?? kwargs.get("mode") ?? str("r")),
    exit: () => raise(m, "SystemExit", "exit()"),
    quit: () => raise(m, "SystemExit", "quit()"),
    __import__: ([name = NONE]) => importByName(m, name, NONE),
    exec: ([code = NONE, globals]) => executeText(m, code, globals, "exec"),
    eval: ([code = NONE, globals]) => executeText(m, code, globals, "eval"),
    compile: ([code = NONE]) => code,
    globals: () => ({ t: "dict", scope: m.frame.module.scope, open: null, id: 0 }),
    locals: () => ({ t: "dict", scope: m.frame.scope, open: null, id: 0 }),
    vars: ([v]) =>
      v ? getAttribute(m, v, "__dict__") : { t: "dict", scope: m.frame.scope, open: null, id: 0 },
    dir: ([v]) => names(m, v),
    super: ([cls, self]) => superObject(m, cls, self),
  });
  for (const wrapper of ["property", "staticmethod", "classmethod"]) all.set(wrapper, wrapperType(wrapper));
  all.set("NotImplemented", unknown("NotImplemented"));
  all.set("Ellipsis", { t: "ellipsis" });
  all.set("__debug__", TRUE);
  return all;
}

function objects(m: Machine): Record<string, Call> {
  return {
    isinstance: ([v = NONE, t = NONE]) => isInstance(m, v, t),
    issubclass: ([a = NONE, b = NONE]) =>
      a.t === "class" && b.t === "class"
        ? lineage(a).some((c) => c === b)
          ? TRUE
          : FALSE
        : unknown("issubclass()"),
    type: (args, kwargs) => (args.length === 3 ? newClass(m, args, kwargs) : typeOf(m, args[0] ?? NONE)),
    callable: ([v = NONE]) =>
      toCondition(narrow(m, v), (o) => ["func", "native", "bound", "class", "unknown"].includes(o.t)),
    hasattr: ([v = NONE, name = NONE]) => {
      const found = name.t === "str" ? getAttribute(m, v, name.v, MISSING) : unknown("hasattr()");
      return toCondition(found, (o) => o.t !== "missing");
    },
    getattr: ([v = NONE, name = NONE, fallback]) =>
      each(m, name, (n) =>
        n.t === "str" ? getAttribute(m, v, n.v, fallback) : unknown("an attribute whose name is not known"),
      ),
    setattr: ([v = NONE, name = NONE, value = NONE]) =>
      each(m, name, (n) => {
        if (n.t === "str") setAttribute(m, v, n.v, value);
        else if (n.t === "unknown" && v.t === "module") forgetScope(m, v.scope, n.reason);
        return NONE;
      }),
    delattr: ([v = NONE, name = NONE]) => {
      if (name.t === "str") setAttribute(m, v, name.v, MISSING);
      else deleteItem(m, v, name);
      return NONE;
    },
  };
}

function newClass(m: Machine, [name, bases, body]: Value[], _kwargs: Map<string, Value>): Value {
  const own = scope(m.pc, true);
  if (body?.t === "dict") for (const [k, v] of body.scope.slots) own.slots.set(k, v);
  const parents = bases?.t === "tuple" ? bases.items.filter((b): b is Class => b.t === "class") : [];
  return {
    t: "class",
    name: name?.t === "str" ? name.v : "?",
    bases: parents,
    unknownBase: null,
    scope: own,
  };
}

function names(m: Machine, v: Value | undefined): Value {
  const own =
    v === undefined
      ? m.frame.scope
      : v.t === "module" || v.t === "instance" || v.t === "class"
        ? v.scope
        : null;
  if (!own) return unknown("dir()");
  const all = new Set(own.slots.keys());
  if (v?.t === "instance") for (const c of lineage(v.cls)) for (const k of c.scope.slots.keys()) all.add(k);
  if (v?.t === "class") for (const c of lineage(v)) for (const k of c.scope.slots.keys()) all.add(k);
  return list(
    [...all]
      .filter((k) => k[0] !== "\0")
      .sort()
      .map(str),
    m.pc,
  );
}

/** property, staticmethod and classmethod: a function, marked. */
function wrapperType(name: string): Class {
  const cls: Class = { t: "class", name, bases: [], unknownBase: null, scope: scope() };
  cls.construct = ([func = NONE]) => {
    const made = { t: "instance", cls, scope: scope(), id: nextId() } as const;
    made.scope.slots.set("func", func);
    if (name === "property")
      made.scope.slots.set(
        "setter",
        native("setter", () => made),
      );
    return made;
  };
  return cls;
}

function superObject(_m: Machine, cls: Value | undefined, self: Value | undefined): Value {
  if (cls?.t !== "class" || !self || (self.t !== "instance" && self.t !== "class")) return unknown("super()");
  const line = lineage(self.t === "instance" ? self.cls : self);
  const rest = line.slice(line.indexOf(cls) + 1);
  const proxy: Class = { t: "class", name: "super", bases: rest, unknownBase: null, scope: scope() };
  const slots = proxy.scope.slots;
  for (const c of [...rest].reverse()) for (const [k, v] of c.scope.slots) slots.set(k, v);
  proxy.bound = self;
  if (!slots.has("__init__"))
    slots.set(
      "__init__",
      native("__init__", () => NONE),
    );
  const open = rest.find((c) => c.unknownBase)?.unknownBase;
  if (open) slots.set("\0open", open);
  proxy.bases = [];
  proxy.unknownBase = open ?? null;
  return proxy;
}

export type { Frame };
export { classSlot, dict, makeError, not, raiseWhere, unary, write };
