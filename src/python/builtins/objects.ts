import { each, pure } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { leaves } from "../logic/decide.ts";
import { lineage } from "../logic/exceptions.ts";
import { asCondition, factAbout } from "../logic/facts.ts";
import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { isNoText, lacksAttribute, tabledAttribute } from "../logic/proofs.ts";
import { read } from "../logic/scopes.ts";
import type { Call, Class, Instance, Obj, Value } from "../logic/values.ts";
import {
  bool,
  FALSE,
  list,
  MISSING,
  NONE,
  native,
  nextId,
  scope,
  str,
  TRUE,
  typeName,
  unknown,
} from "../logic/values.ts";
import { getAttribute } from "./attributes.ts";
import { deleteAttribute, setAttribute } from "./set-attributes.ts";
import { isInstance, typeOf } from "./types.ts";

/** The built-in functions that ask objects and classes for what they are and have. */
export function objects(m: Machine): Record<string, Call> {
  return {
    isinstance: ([v = NONE, t = NONE]) => isInstance(m, v, t),
    issubclass: ([a = NONE, b = NONE]) =>
      a.t === "class" && b.t === "class"
        ? lineage(a).some((c) => c === b)
          ? TRUE
          : a.scope.places && b.scope.places && !lineage(a).some((c) => c.unknownBase)
            ? FALSE
            : gap("issubclass()")
        : gap("issubclass()"),
    type: (args, kwargs) =>
      args.length === 2
        ? gap("type()")
        : args.length === 3
          ? newClass(m, args, kwargs)
          : typeOf(m, args[0] ?? NONE),
    callable: ([v = NONE]) =>
      pure(m, [v], ([o]) => {
        if (o?.t === "unknown") return factAbout(m, o, "is callable");
        if (o?.t === "instance")
          return bool(classSlot(m, o.cls, "__call__") !== null || !lacksAttribute(o, "__call__"));
        return bool(["func", "native", "bound", "class"].includes(o?.t ?? ""));
      }),
    hasattr: ([v = NONE, name = NONE]) => {
      if (name.t !== "str") return name.t === "choice" ? gap("hasattr()") : noName(m, name, "hasattr()");
      return each(m, v, (o) => {
        if (o.t === "unknown") return factAbout(m, o, `has an attribute ${name.v}`);
        const known = tabledAttribute(o, name.v);
        if (known) return known.always ? TRUE : gap(`hasattr(${name.v})`);
        const found = getAttribute(m, o, name.v, MISSING);
        return asCondition(
          m,
          pure(m, [found], ([x]) =>
            x?.t === "unknown" && (o.t !== "instance" || mayLack(m, o, name.v))
              ? factAbout(m, x, "is there")
              : bool(x?.t !== "missing"),
          ),
        );
      });
    },
    getattr: ([v = NONE, name = NONE, fallback]) =>
      each(m, name, (n) =>
        n.t === "str"
          ? getAttribute(m, v, n.v, fallback)
          : n.t === "unknown"
            ? unknown("an attribute whose name is not known")
            : noName(m, n, "getattr()"),
      ),
    setattr: ([v = NONE, name = NONE, value = NONE]) =>
      each(m, name, (n) => {
        if (n.t === "str") setAttribute(m, v, n.v, value);
        else if (n.t === "unknown") forget(m, [v], "setattr()");
        else return noName(m, n, "setattr()");
        return NONE;
      }),
    delattr: ([v = NONE, name = NONE]) => {
      if (name.t === "str") deleteAttribute(m, v, name.v);
      else forget(m, [v], "delattr()");
      return NONE;
    },
  };
}

/** What is no text names no attribute. */
function noName(m: Machine, name: Obj, by: string): Value {
  if (name.t === "unknown") return gap(by);
  return raiseProven(
    m,
    isNoText(name),
    "TypeError",
    `attribute name must be string, not '${typeName(name)}'`,
  );
}

function newClass(m: Machine, [name, bases, body]: Value[], _kwargs: Map<string, Value>): Value {
  if (body?.t !== "dict" || body.open || bases?.t !== "tuple") return gap("type()");
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

/** `dir(v)`, or `dir()`. */
export function names(m: Machine, v: Value | undefined): Value {
  const own =
    v === undefined
      ? m.frame.scope
      : v.t === "module" || v.t === "instance" || v.t === "class"
        ? v.scope
        : null;
  if (!own || v?.t === "instance" || v?.t === "class")
    return v?.t === "class" || v?.t === "instance" ? publicNames(m, v) : gap("dir()");
  const all = new Set(own.slots.keys());
  return list(
    [...all]
      .filter((k) => k[0] !== "\0")
      .sort()
      .map(str),
    m.pc,
  );
}

/** The names of an object or class, without Python's own, which nobody looks for. */
function publicNames(m: Machine, v: Obj & { t: "instance" | "class" }): Value {
  const all = new Set(v.scope.slots.keys());
  for (const c of lineage(v.t === "instance" ? v.cls : v)) for (const k of c.scope.slots.keys()) all.add(k);
  const sure = [...all].filter((k) => k[0] !== "\0").sort();
  return list(sure.map(str), m.pc);
}

/** property, staticmethod and classmethod: a function, marked. */
export function wrapperType(name: string): Class {
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

/** `super(cls, self)`: has what the classes behind `cls` in the lineage of `self` have, bound to `self`. */
export function superObject(cls: Value | undefined, self: Value | undefined): Value {
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

/** Something unknown may have given or taken an attribute that the object itself is not sure to have. */
const mayLack = (m: Machine, o: Instance, name: string): boolean =>
  o.scope.slots.has("\0open") && leaves(read(m, o.scope, name)).some((x) => x.t === "missing");
