import { pure } from "../logic/apply.ts";
import { leaves, or } from "../logic/decide.ts";
import { lineage } from "../logic/exceptions.ts";
import { fact, factAbout } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, isUnknownError, raise, raiseProven } from "../logic/outcomes.ts";
import { exactType, lacksAll } from "../logic/proofs.ts";
import type { Call, Class, List, Obj, Value } from "../logic/values.ts";
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
} from "../logic/values.ts";
import { spend } from "../logic/work.ts";
import { isKindOf, isTabled } from "../names/index.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { updateFrom } from "../objects/methods/dicts.ts";
import { stringMethod } from "../objects/methods/strings.ts";
import { whole } from "../objects/operators/arithmetic.ts";
import { truthOf } from "../objects/operators/by-method.ts";
import { copyDict } from "../objects/operators/dict-copies.ts";
import { unique } from "../objects/operators/set-operations.ts";
import { numberText, parseFloatText, parseInteger, toText } from "../objects/text.ts";
import { castRead } from "../outside/variables.ts";

/** A member of an enumeration of texts or numbers is one. */
const plainLeaf = (o: Obj & { t: "instance" }): Obj => {
  const v = o.scope.slots.get("\0value");
  return v && v.t !== "choice" ? v : o;
};

function type(name: string, construct: Call): Class {
  const most = name === "int" ? 2 : name === "bytes" ? 3 : 1;
  const checked: Call = (args, kwargs) => {
    const named = name === "dict" || name === "bytes" || (name === "int" && kwargs.has("base"));
    if (args.length > most || (kwargs.size > 0 && !named)) return gap(`the arguments of ${name}()`);
    return construct(args, kwargs);
  };
  return { t: "class", name, bases: [], unknownBase: null, scope: scope(), construct: checked };
}

/** `str`, `int`, `list` and the other built-in types. */
export function builtinTypes(m: Machine): Map<string, Value> {
  const types: [string, Call][] = [
    ["str", ([v = str("")]) => toText(m, v)],
    ["bool", ([v = FALSE]) => truthOf(m, v)],
    ["int", ([v = num(0), base], kwargs) => toInteger(m, v, base ?? kwargs.get("base"))],
    ["float", ([v = num(0, true)]) => toFloat(m, v)],
    ["list", ([v]) => ({ ...list([], m.pc), content: v ? itemsOrRaise(m, v) : tuple([]) })],
    ["tuple", ([v]) => (v ? plainTuple(m, itemsOrRaise(m, v)) : tuple([]))],
    ["set", ([v]) => toSet(m, v)],
    ["frozenset", ([v]) => ({ ...toSet(m, v), kind: "frozenset" })],
    ["dict", (args, kwargs) => toDict(m, args[0], kwargs)],
    ["bytes", (args, kwargs) => toBytes(m, args, kwargs)],
    ["complex", () => gap("a complex number")],
    ["bytearray", () => gap("a bytearray")],
    ["memoryview", () => gap("a memoryview")],
  ];
  const made = new Map<string, Value>(types.map(([name, make]) => [name, type(name, make)]));
  made.set("object", { t: "class", name: "object", bases: [], unknownBase: null, scope: scope() });
  return made;
}

/** What a range gives is a tuple of its own. */
const plainTuple = (m: Machine, v: Value): Value =>
  pure(m, [v], ([o]) => (o?.t === "tuple" && (o.kind || o.fields) ? tuple(o.items) : (o as Obj)));

function toBytes(m: Machine, args: Value[], kwargs: Map<string, Value>): Value {
  const [v, encoding] = args;
  if (v === undefined && kwargs.size === 0) return { t: "bytes", v: "" };
  return pure(m, [v ?? NONE], ([o]) => {
    if (o?.t === "bytes" && args.length === 1) return o;
    if (o?.t !== "str" || !(encoding || kwargs.has("encoding"))) return gap("bytes()", { type: "bytes" });
    return stringMethod(m, o, "encode", args.slice(1), kwargs, () => NONE);
  });
}

function toInteger(m: Machine, v: Value, base: Value | undefined): Value {
  return pure(m, [v, base ?? num(10)], ([given, b]) => {
    const o = given?.t === "instance" ? plainLeaf(given) : given;
    if (base && ((o?.t !== "str" && o?.t !== "bytes") || b?.t !== "num"))
      return gap("int() with a base", { type: "int" });
    switch (o?.t) {
      case "num":
        return Number.isFinite(o.v) ? whole(Math.trunc(o.v)) : gap("int() of no finite number");
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
        return gap(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) });
      default: {
        const proof = o ? lacksAll(o, "__int__", "__index__", "__trunc__") : null;
        return raiseProven(
          m,
          proof,
          "TypeError",
          `int() argument must be a string or a number, not '${o ? typeName(o) : ""}'`,
        );
      }
    }
  });
}

function toFloat(m: Machine, v: Value): Value {
  return pure(m, [v], ([o]) => {
    if (o?.t === "num") return num(o.v, true);
    if (o?.t === "bool") return num(o.v ? 1 : 0, true);
    if (o?.t === "unknown") return gap(o.reason, { type: "float", ...(o.from ? { from: o.from } : {}) });
    const parsed = o?.t === "str" || o?.t === "bytes" ? parseFloatText(o.v) : undefined;
    if (parsed === undefined)
      return raiseProven(
        m,
        o ? lacksAll(o, "__float__", "__index__") : null,
        "TypeError",
        "float() argument must be a string or a real number",
      );
    return parsed === null ? raise(m, "ValueError", "could not convert string to float") : num(parsed, true);
  });
}

function toSet(m: Machine, v: Value | undefined): List {
  const content = v ? pure(m, [itemsOrRaise(m, v)], ([c]) => unique(m, itemsIn(c))) : tuple([]);
  return { t: "set", content, born: m.pc, id: nextId() };
}

function toDict(m: Machine, v: Value | undefined, kwargs: Map<string, Value>): Value {
  const { kind: _kind, factory: _factory, ...d } = v?.t === "dict" ? copyDict(m, v) : dict(m.pc);
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
  spend();
  if (t.t === "tuple") return t.items.reduce<Value>((any, one) => or(any, isInstance(m, o, one)), FALSE);
  if (t.t === "unknown") return fact(m, t.reason, t.from);
  if (t.t !== "class") return gap("isinstance()");
  if (t.name === "object") return TRUE;
  if (o.t === "unknown") {
    if (!o.type || !/^(str|bytes|int|float|list|tuple|set|dict)$/.test(t.name))
      return factAbout(m, o, `is ${t.name}`);
    return bool(o.type === t.name);
  }
  if (o.t === "instance") {
    const line = lineage(o.cls);
    if (line.some((c) => c === t || (c.name === t.name && !c.scope.places && !t.scope.places))) return TRUE;
    if (
      !t.scope.places &&
      !t.construct &&
      !m.exceptions.has(t.name) &&
      !line.some((c) => c.name === t.name)
    ) {
      if (!/^(Enum|IntEnum|StrEnum|Flag)$/.test(t.name)) return gap(`isinstance() of a ${t.name}`);
    }
    const open = line.find((c) => c.unknownBase)?.unknownBase;
    return open ? factAbout(m, open, `is ${t.name}`) : FALSE;
  }
  if (o.t === "class")
    return t.name === "type"
      ? TRUE
      : o.members || o.unknownBase
        ? gap("isinstance() of a class")
        : bool(false);
  const name = exactType(o);
  if (name === null || t.scope.places) return name === null ? gap("isinstance()") : FALSE;
  if (isKindOf(name, t.name)) return TRUE;
  if (/^(Path|PurePath|PosixPath|PurePosixPath|PathLike)$/.test(t.name)) return bool(o.t === "path");
  // Other classes of the standard library may be abstract ones, of which anything may be an instance.
  return t.construct && isTabled(t.name) ? FALSE : gap(`isinstance() of a ${t.name}`);
}

/** `type(v)` as far as settings ask for it. */
export function typeOf(m: Machine, v: Value): Value {
  return pure(m, [v], ([o]) => {
    if (o?.t === "instance" && isUnknownError(o)) return gap("the class of an exception");
    if (o?.t === "instance") return o.cls;
    if (o?.t === "unknown" && !/^(str|int|float|bytes)$/.test(o.type ?? "")) return gap(o.reason);
    const name = o?.t === "unknown" ? o.type : o && exactType(o);
    return m.builtins.get(name ?? "") ?? gap(`the type of a ${o?.t}`);
  });
}

export { castRead, leaves, NONE, numberText };
