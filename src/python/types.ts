import { leaves } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { factAbout } from "./facts.ts";
import { type Machine, pure, raise } from "./machine.ts";
import { updateFrom } from "./methods/dicts.ts";
import { itemsOrRaise } from "./methods/lists.ts";
import { copyDict, unique } from "./operators.ts";
import { numberText, parseFloatText, parseInteger, toText } from "./text.ts";
import { truth } from "./truth.ts";
import type { Class, Obj, Value } from "./values.ts";
import {
  bool,
  dict,
  FALSE,
  itemsIn,
  list,
  NONE,
  nextId,
  num,
  scope,
  str,
  TRUE,
  tuple,
  typeName,
  unknown,
} from "./values.ts";
import { castRead } from "./variables.ts";

type Make = NonNullable<Class["construct"]>;

function type(name: string, construct: Make): Class {
  return { t: "class", name, bases: [], unknownBase: null, scope: scope(), construct };
}

/** `str`, `int`, `list` and the other built-in types. */
export function builtinTypes(m: Machine): Map<string, Value> {
  const types: [string, Make][] = [
    ["str", ([v = str("")]) => toText(m, v)],
    ["bool", ([v = FALSE]) => truth(m, v)],
    ["int", ([v = num(0), base], kwargs) => toInteger(m, v, base ?? kwargs.get("base"))],
    ["float", ([v = num(0, true)]) => toFloat(m, v)],
    ["list", ([v]) => ({ ...list([], m.pc), content: v ? itemsOrRaise(m, v) : tuple([]) })],
    ["tuple", ([v]) => (v ? itemsOrRaise(m, v) : tuple([]))],
    ["set", ([v]) => toSet(m, v)],
    ["frozenset", ([v]) => toSet(m, v)],
    ["dict", (args, kwargs) => toDict(m, args[0], kwargs)],
    [
      "bytes",
      ([v = str("")]) => pure(m, [v], ([o]) => (o?.t === "str" ? { t: "bytes", v: o.v } : (o as Obj))),
    ],
    ["complex", () => unknown("a complex number")],
    ["bytearray", () => unknown("a bytearray")],
    ["memoryview", () => unknown("a memoryview")],
  ];
  const made = new Map<string, Value>(types.map(([name, make]) => [name, type(name, make)]));
  made.set("object", { t: "class", name: "object", bases: [], unknownBase: null, scope: scope() });
  return made;
}

function toInteger(m: Machine, v: Value, base: Value | undefined): Value {
  return pure(m, [v, base ?? num(10)], ([o, b]) => {
    switch (o?.t) {
      case "num":
        return num(Math.trunc(o.v));
      case "bool":
        return num(o.v ? 1 : 0);
      case "str":
      case "bytes": {
        const parsed = parseInteger(o.v, b?.t === "num" ? b.v : 10);
        return parsed === null
          ? raise(m, "ValueError", `invalid literal for int() with base 10: '${o.v}'`)
          : num(parsed);
      }
      case "unknown":
        return unknown(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) });
      default:
        return raise(
          m,
          "TypeError",
          `int() argument must be a string or a number, not '${o ? typeName(o) : ""}'`,
        );
    }
  });
}

function toFloat(m: Machine, v: Value): Value {
  return pure(m, [v], ([o]) => {
    if (o?.t === "num") return num(o.v, true);
    if (o?.t === "bool") return num(o.v ? 1 : 0, true);
    if (o?.t === "unknown") return unknown(o.reason, { type: "float", ...(o.from ? { from: o.from } : {}) });
    const parsed = o?.t === "str" ? parseFloatText(o.v) : undefined;
    if (parsed === undefined)
      return raise(m, "TypeError", "float() argument must be a string or a real number");
    return parsed === null ? raise(m, "ValueError", "could not convert string to float") : num(parsed, true);
  });
}

function toSet(m: Machine, v: Value | undefined): Value {
  const content = v ? pure(m, [itemsOrRaise(m, v)], ([c]) => unique(m, itemsIn(c))) : tuple([]);
  return { t: "set", content, born: m.pc, id: nextId() };
}

function toDict(m: Machine, v: Value | undefined, kwargs: Map<string, Value>): Value {
  const d = v?.t === "dict" ? copyDict(m, v) : dict(m.pc);
  if (v && v.t !== "dict") updateFrom(m, d, v);
  for (const [k, x] of kwargs) {
    if (k === "\0open") d.open = x.t === "unknown" ? x : unknown("keyword arguments");
    else d.scope.slots.set(k, x);
  }
  return d;
}

/** `isinstance(v, types)`: a condition. */
export function isInstance(m: Machine, v: Value, types: Value): Value {
  return pure(m, [v, types], ([o, t]) => leafIs(m, o as Obj, t as Obj));
}

function leafIs(m: Machine, o: Obj, t: Obj): Value {
  if (t.t === "tuple") {
    let open: Value = FALSE;
    for (const one of t.items) {
      const is = isInstance(m, o, one);
      if (is.t === "bool" && is.v) return TRUE;
      if (is.t !== "bool") open = is;
    }
    return open;
  }
  if (t.t === "unknown")
    return o.t === "instance" || o.t === "unknown" ? factAbout(m, t, `is type of ${o.t}`) : FALSE;
  if (t.t !== "class") return FALSE;
  if (t.name === "object") return TRUE;
  if (o.t === "unknown") {
    if (!o.type) return factAbout(m, o, `is ${t.name}`);
    return bool(o.type === t.name);
  }
  if (o.t === "instance") {
    const line = lineage(o.cls);
    if (line.some((c) => c === t || c.name === t.name)) return TRUE;
    const open = line.find((c) => c.unknownBase)?.unknownBase;
    return open ? factAbout(m, open, `is ${t.name}`) : FALSE;
  }
  const name = typeName(o);
  if (t.name === name || (t.name === "int" && o.t === "bool")) return TRUE;
  if (t.name === "Path" || t.name === "PurePath") return bool(o.t === "path");
  if (t.name === "Mapping" || t.name === "MutableMapping") return bool(o.t === "dict");
  if (/^(Iterable|Collection)$/.test(t.name)) return bool(/^(list|tuple|set|dict|str)$/.test(name));
  if (t.name === "Sequence") return bool(/^(list|tuple|str)$/.test(name));
  return FALSE;
}

/** `type(v)` as far as settings ask for it. */
export function typeOf(m: Machine, v: Value): Value {
  return pure(m, [v], ([o]) => {
    if (o?.t === "instance") return o.cls;
    return m.builtins.get(o ? typeName(o) : "") ?? unknown(`the type of a ${o?.t}`);
  });
}

export { castRead, leaves, NONE, numberText };
