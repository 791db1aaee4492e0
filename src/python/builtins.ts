import { each, pure } from "./apply.ts";
import { rounded } from "./arithmetic.ts";
import { classSlot, deleteAttribute, getAttribute, setAttribute } from "./attributes.ts";
import { sequences } from "./builtin-sequences.ts";
import { not } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { executeText } from "./execute-text.ts";
import { asCondition, factAbout } from "./facts.ts";
import { forget } from "./forget.ts";
import { importByName } from "./imports.ts";
import type { Machine } from "./machine.ts";
import { moduleNames } from "./names/index.ts";
import { binary, unary } from "./operators.ts";
import { gap, makeError, raise } from "./outcomes.ts";
import { lacksAttribute, tabledAttribute } from "./proofs.ts";
import { write } from "./scopes.ts";
import { openFile } from "./stdlib/files.ts";
import { formatted, toRepr } from "./text.ts";
import { builtinTypes, isInstance, typeOf } from "./types.ts";
import type { Class, Frame, Obj, Value } from "./values.ts";
import {
  bool,
  dict,
  FALSE,
  list,
  MISSING,
  NONE,
  namespaceDict,
  native,
  nextId,
  num,
  scope,
  str,
  TRUE,
  tuple,
  unknown,
} from "./values.ts";
import { raiseWhere } from "./worlds.ts";

export type Call = (args: Value[], kwargs: Map<string, Value>) => Value;

/** Python's built-in functions and types. */
export function builtins(m: Machine): Map<string, Value> {
  const all = builtinTypes(m);
  const define = (entries: Record<string, Call>): void => {
    for (const [name, call] of Object.entries(entries)) all.set(name, native(name, counted(m, name, call)));
  };
  define(sequences(m));
  define(objects(m));
  define({
    print: () => NONE,
    input: () => unknown("input()", { type: "str" }),
    repr: ([v = NONE]) => toRepr(m, v),
    format: ([v = NONE, spec = str("")]) =>
      spec.t === "str" ? formatted(m, v, spec.v) : unknown("a format"),
    abs: ([v = NONE]) => ofNumber(m, v, "abs", (n, o) => num(Math.abs(n), o.t === "num" && o.float)),
    round: ([v = NONE, digits = NONE]) =>
      pure(m, [digits], ([d]) =>
        d?.t === "none" || (d?.t === "num" && !d.float)
          ? ofNumber(m, v, "round", (n, o) =>
              rounded(n, o.t === "num" && o.float, d.t === "num" ? d.v : null),
            )
          : gap("round()"),
      ),
    divmod: (args) =>
      exactly(args, 2, "divmod", ([a, b]) =>
        tuple([binary(m, "FloorDiv", a as Value, b as Value), binary(m, "Mod", a as Value, b as Value)]),
      ),
    pow: (args) => exactly(args, 2, "pow", ([a, b]) => binary(m, "Pow", a as Value, b as Value)),
    ord: ([v = NONE]) =>
      pure(m, [v], ([o]) =>
        o?.t === "str" && [...o.v].length === 1 ? num(o.v.codePointAt(0) ?? 0) : gap("ord()"),
      ),
    chr: ([v = NONE]) =>
      ofNumber(m, v, "chr", (n, o) =>
        (o.t === "num" && o.float) || n < 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000)
          ? gap("chr()")
          : str(String.fromCodePoint(n)),
      ),
    id: () => unknown("id()", { type: "int", truthy: true }),
    hash: () => unknown("hash()", { type: "int" }),
    ...Object.fromEntries(
      [
        ["hex", "0x", 16],
        ["oct", "0o", 8],
        ["bin", "0b", 2],
      ].map(([name, prefix, base]): [string, Call] => [
        String(name),
        ([v = NONE]) =>
          ofNumber(m, v, String(name), (n, o) =>
            o.t === "num" && o.float
              ? gap(String(name))
              : str(`${n < 0 ? "-" : ""}${prefix}${Math.abs(n).toString(Number(base))}`),
          ),
      ]),
    ),
    open: (args, kwargs) => openFile(m, args[0] ?? NONE, args[1] ?? kwargs.get("mode") ?? str("r")),
    exit: () => raise(m, "SystemExit", "exit()"),
    quit: () => raise(m, "SystemExit", "quit()"),
    __import__: ([name = NONE]) => importByName(m, name, NONE),
    exec: ([code = NONE, globals]) => executeText(m, code, globals, "exec"),
    eval: ([code = NONE, globals]) => executeText(m, code, globals, "eval"),
    compile: ([code = NONE]) => code,
    globals: () => namespaceDict(m.frame.module.scope),
    locals: () => namespaceDict(m.frame.scope),
    vars: ([v]) => (v ? getAttribute(m, v, "__dict__") : namespaceDict(m.frame.scope)),
    dir: ([v]) => names(m, v),
    super: ([cls, self]) => superObject(m, cls, self),
  });
  for (const wrapper of ["property", "staticmethod", "classmethod"]) all.set(wrapper, wrapperType(wrapper));
  for (const name of moduleNames("builtins") ?? [])
    if (!all.has(name) && !m.exceptions.has(name) && !/^(copyright|credits|license|aiter|anext)$/.test(name))
      all.set(
        name,
        native(name, (args, kwargs) => notModelled(m, name, [...args, ...kwargs.values()])),
      );
  all.set("NotImplemented", unknown("NotImplemented", { truthy: true }));
  all.set("Ellipsis", { t: "ellipsis" });
  all.set("__debug__", TRUE);
  return all;
}

/** How many arguments the built-in functions take. */
const ARGUMENTS: Record<string, [number, number]> = Object.fromEntries(
  `len 1 1|abs 1 1|sorted 1 1|reversed 1 1|enumerate 1 2|any 1 1|all 1 1|sum 1 2|iter 1 2|next 1 2|map 2 9|filter 2 2|isinstance 2 2|issubclass 2 2|callable 1 1|hasattr 2 2|getattr 2 3|setattr 3 3|delattr 2 2|repr 1 1|ord 1 1|chr 1 1|hex 1 1|oct 1 1|bin 1 1|round 1 2|format 1 2|id 1 1|hash 1 1|range 1 3|type 1 3|slice 1 3|min 1 99|max 1 99|divmod 2 2|pow 2 3|vars 0 1|dir 0 1|eval 1 3|exec 1 3`
    .split("|")
    .map((line) => line.split(" "))
    .map(([name = "", least, most]) => [name, [Number(least), Number(most)]]),
);
const BY_NAME: Record<string, string[]> = {
  sorted: ["key", "reverse"],
  enumerate: ["iterable", "start"],
  sum: ["start"],
  min: ["key", "default"],
  max: ["key", "default"],
  round: ["number", "ndigits"],
  pow: ["base", "exp", "mod"],
  zip: ["strict"],
};

function counted(m: Machine, name: string, call: Call): Call {
  const range = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (!range) return call;
  return (args, kwargs) => {
    const names = BY_NAME[name] ?? [];
    const fits =
      args.length >= range[0] &&
      args.length <= range[1] &&
      [...kwargs.keys()].every((k) => names.includes(k));
    return fits ? call(args, kwargs) : notModelled(m, name, [...args, ...kwargs.values()]);
  };
}

/** A built-in function that nobody models: what it was given may have changed. */
function notModelled(m: Machine, name: string, given: Value[]): never {
  forget(m, given, `${name}()`);
  return gap(`${name}()`);
}

function exactly(args: Value[], n: number, name: string, make: (args: Value[]) => Value): Value {
  return args.length === n ? make(args) : gap(`the arguments of ${name}()`);
}

function ofNumber(m: Machine, v: Value, name: string, make: (n: number, o: Obj) => Value): Value {
  return pure(m, [v], ([o]) => (o?.t === "num" || o?.t === "bool" ? make(Number(o.v), o) : gap(`${name}()`)));
}

function objects(m: Machine): Record<string, Call> {
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
      if (name.t !== "str") return gap("hasattr()");
      return each(m, v, (o) => {
        if (o.t === "unknown") return factAbout(m, o, `has an attribute ${name.v}`);
        const known = tabledAttribute(o, name.v);
        if (known) return known.always ? TRUE : gap(`hasattr(${name.v})`);
        const found = getAttribute(m, o, name.v, MISSING);
        return asCondition(
          m,
          pure(m, [found], ([x]) =>
            x?.t === "unknown" && o.t !== "instance" ? factAbout(m, x, "is there") : bool(x?.t !== "missing"),
          ),
        );
      });
    },
    getattr: ([v = NONE, name = NONE, fallback]) =>
      each(m, name, (n) =>
        n.t === "str" ? getAttribute(m, v, n.v, fallback) : unknown("an attribute whose name is not known"),
      ),
    setattr: ([v = NONE, name = NONE, value = NONE]) =>
      each(m, name, (n) => {
        if (n.t === "str") setAttribute(m, v, n.v, value);
        else forget(m, [v], "setattr()");
        return NONE;
      }),
    delattr: ([v = NONE, name = NONE]) => {
      if (name.t === "str") deleteAttribute(m, v, name.v);
      else forget(m, [v], "delattr()");
      return NONE;
    },
  };
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

function names(m: Machine, v: Value | undefined): Value {
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
