import { pythonHas } from "./attribute-names.ts";
import { callValue } from "./calls.ts";
import { ite, leaves, possible, toCondition } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { operate } from "./expressions.ts";
import { getItem } from "./items.ts";
import { each, type Machine, narrow, pure, raise, read, write } from "./machine.ts";
import { dictMethod } from "./methods/dicts.ts";
import { listMethod, replaceContent } from "./methods/lists.ts";
import { isStringAttribute, noteInterest, stringMethod } from "./methods/strings.ts";
import { pathAttribute } from "./stdlib/pathlib.ts";
import type { Class, Instance, List, Obj, Scope, Value } from "./values.ts";
import { NONE, native, nextId, num, scope, str, tuple, typeName, unknown } from "./values.ts";

/** `v.name`; `fallback` is what getattr gives instead of AttributeError. */
export function getAttribute(m: Machine, v: Value, name: string, fallback?: Value): Value {
  const here = narrow(m, v);
  // A method of a text that depends on a variable is applied to all its cases at once.
  if (here.t === "choice" && isStringAttribute(name) && leaves(here).every((o) => o.t === "str"))
    return native(name, (args, kwargs) => {
      noteInterest(m, here, name, args);
      return pure(m, [here], ([o]) => {
        const method = stringMethod(m, o as { t: "str"; v: string }, name, args, kwargs, (x, p) =>
          follow(m, x, p),
        );
        return method ?? raise(m, "AttributeError", `'str' object has no attribute '${name}'`);
      });
    });
  return each(m, here, (o) => {
    const found = leafAttribute(m, o, name) ?? (pythonHas(o, name) ? notModelled(o, name) : null);
    if (found !== null) {
      const there = toCondition(found, (x) => x.t !== "missing");
      if (there.t === "bool" && there.v) return found;
      return pure(m, [found], ([x]) => (x?.t === "missing" ? (fallback ?? lacks(m, o, name)) : (x as Obj)));
    }
    return fallback ?? lacks(m, o, name);
  });
}

/** What Python has and the evaluator does not: a method that changes the object leaves nothing known of it. */
const notModelled = (o: Obj, name: string): Value => unknown(`${typeName(o)}.${name}`);

function lacks(m: Machine, o: Obj, name: string): Value {
  if (o.t === "module") return raise(m, "AttributeError", `module '${o.name}' has no attribute '${name}'`);
  return raise(m, "AttributeError", `'${typeName(o)}' object has no attribute '${name}'`);
}

/** The attribute, or null when the object has none of that name. */
function leafAttribute(m: Machine, o: Obj, name: string): Value | null {
  switch (o.t) {
    case "unknown":
      if (o.type === "str") return knownTextMethod(o, name);
      return unknown(o.reason, {
        ...(o.from ? { from: o.from } : {}),
        ...(o.generated ? { generated: true } : {}),
      });
    case "module": {
      const slot = read(m, o.scope, name);
      if (slot.t !== "missing") return slot;
      if (name === "__dict__" && (!o.external || o.scope.slots.size > 0))
        return { t: "dict", scope: o.scope, open: null, id: 0 };
      if (!o.external) return o.scope.slots.get("\0open") ?? null;
      return unknown(`${o.name}.${name} is outside the project`);
    }
    case "str":
    case "bytes":
      if (!isStringAttribute(name)) return null;
      return native(name, (args, kwargs) => {
        for (const a of args) noteInterest(m, o, name, [a]);
        return (
          stringMethod(m, o, name, args, kwargs, (x, p) => follow(m, x, p)) ??
          raise(m, "AttributeError", `'str' object has no attribute '${name}'`)
        );
      });
    case "list":
    case "set":
      if (!LIST_METHODS.has(name)) return null;
      return native(name, (args, kwargs) => sequenceMethod(m, o, name, args, kwargs));
    case "tuple":
      if (o.fields?.includes(name)) return o.items[o.fields.indexOf(name)] ?? NONE;
      if (name !== "index" && name !== "count") return null;
      return native(name, (args, kwargs) =>
        sequenceMethod(m, { t: "list", content: o, born: m.pc, id: 0 }, name, args, kwargs),
      );
    case "dict":
      return DICT_METHODS.has(name)
        ? native(name, (args, kwargs) => dictMethod(m, o, name, args, kwargs) ?? unknown(`dict.${name}`))
        : null;
    case "path":
      return pathAttribute(m, o.v, name);
    case "num":
    case "bool":
      return /^(real|imag|bit_length|is_integer|as_integer_ratio|numerator|denominator|__\w+__)$/.test(name)
        ? native(name, () => unknown(`number.${name}`))
        : null;
    case "class":
      return classAttribute(m, o, name);
    case "instance":
      return instanceAttribute(m, o, name);
    case "func":
      return name === "__name__" ? str(o.name) : unknown(`attribute ${name} of a function`);
    case "native":
      return name === "__name__" ? str(o.name) : unknown(`${o.name}.${name}`);
    case "bound":
      return leafAttribute(m, o.func, name);
    default:
      return null;
  }
}

const LIST_METHODS = new Set(
  "append extend insert remove pop clear reverse sort copy index count add update discard union intersection difference symmetric_difference issubset difference_update intersection_update symmetric_difference_update".split(
    " ",
  ),
);
const DICT_METHODS = new Set("get setdefault pop popitem update copy clear keys values items".split(" "));

/** What methods of a text that is not known still tell. */
function knownTextMethod(o: Obj & { t: "unknown" }, name: string): Value {
  const kept = { ...(o.from ? { from: o.from } : {}), ...(o.generated ? { generated: true } : {}) };
  const same = /^(lower|upper|title|strip|lstrip|rstrip|replace|encode|decode|format|join|capitalize|zfill)$/;
  return native(name, () => {
    if (/^(lower|upper|title|capitalize|encode|decode)$/.test(name)) return { ...o, ...kept };
    // What random keys are made of has no blanks.
    if (o.generated && /strip$/.test(name)) return o;
    if (same.test(name)) return unknown(o.reason, { type: "str", ...kept });
    if (/split$/.test(name)) return unknown(o.reason, { type: "list", truthy: true, ...kept });
    return unknown(o.reason, kept);
  });
}

function sequenceMethod(
  m: Machine,
  self: List,
  name: string,
  args: Value[],
  kwargs: Map<string, Value>,
): Value {
  const key = kwargs.get("key");
  const by = key && key.t !== "none" ? (v: Value) => callValue(m, key, [v]) : undefined;
  const inPlace = /^(intersection|difference|symmetric_difference)_update$/.exec(name);
  if (self.t === "set" && inPlace) {
    replaceContent(m, self, setMethod(m, self, inPlace[1] as string, args));
    return NONE;
  }
  if (self.t === "set" && /^(union|intersection|difference|symmetric_difference|issubset)$/.test(name))
    return setMethod(m, self, name, args);
  return (
    listMethod(m, self, name, args, by) ??
    raise(m, "AttributeError", `'${self.t}' object has no attribute '${name}'`)
  );
}

function setMethod(m: Machine, self: List, name: string, args: Value[]): Value {
  const op = { union: "BitOr", intersection: "BitAnd", difference: "Sub", symmetric_difference: "BitXor" }[
    name
  ];
  const set = m.builtins.get("set") as Value;
  let out: Value = self;
  for (const a of args) out = op ? operate(m, op, out, callValue(m, set, [a])) : unknown(`set.${name}`);
  return out;
}

/** The slot of the nearest class in the lineage that has it. */
export function classSlot(m: Machine, cls: Class, name: string, after?: Class): Value | null {
  const line = lineage(cls);
  const from = after ? line.indexOf(after) + 1 : 0;
  for (const c of line.slice(from)) {
    const slot = read(m, c.scope, name);
    if (slot.t !== "missing") return slot;
  }
  const open = line.find((c) => c.unknownBase)?.unknownBase;
  return open ? unknown(open.reason) : null;
}

function classAttribute(m: Machine, cls: Class, name: string): Value | null {
  if (name === "__name__" || name === "__qualname__") return str(cls.name);
  if (name === "__dict__") return { t: "dict", scope: cls.scope, open: null, id: 0 };
  if (name === "__members__") return unknown("members of an enumeration");
  if (name === "__mro__") return tuple(lineage(cls));
  if (name === "__bases__") return tuple(cls.bases);
  const slot = classSlot(m, cls, name);
  if (slot === null && name === "__new__") return native("__new__", ([c = cls]) => blank(m, c));
  if (slot === null && name === "__init__") return native("__init__", () => NONE);
  return slot === null
    ? null
    : pure(m, [slot], ([o]) => (o ? (cls.bound ? bindToSuper(m, cls.bound, o) : bindToClass(cls, o)) : NONE));
}

/** What an attribute found by `super()` is, seen from the object. */
function bindToSuper(m: Machine, self: Instance | Class, o: Obj): Value {
  if (self.t === "instance") return bindToInstance(m, self, o);
  return o.t === "func" ? o : bindToClass(self, o);
}

/** `object.__new__(cls)`. */
function blank(m: Machine, cls: Value): Value {
  if (cls.t !== "class") return unknown("object.__new__()");
  return { t: "instance", cls, scope: scope(m.pc), id: nextId() };
}

function bindToClass(cls: Class, o: Obj): Value {
  if (o.t === "instance" && o.cls.name === "staticmethod") return o.scope.slots.get("func") ?? NONE;
  if (o.t === "instance" && o.cls.name === "classmethod") {
    const func = o.scope.slots.get("func");
    return func && func.t !== "choice" ? { t: "bound", self: cls, func } : unknown("a class method");
  }
  return o;
}

function instanceAttribute(m: Machine, o: Instance, name: string): Value | null {
  if (name === "__class__") return o.cls;
  if (name === "__dict__") return { t: "dict", scope: o.scope, open: null, id: o.id };
  const own = read(m, o.scope, name);
  const slot = classSlot(m, o.cls, name);
  const isOwn = toCondition(own, (x) => x.t !== "missing");
  if (isOwn.t === "bool" && isOwn.v) return own;
  if (slot !== null) {
    const bound = each(m, slot, (x) => bindToInstance(m, o, x));
    return possible(isOwn) ? ite(isOwn, own, bound) : bound;
  }
  if (possible(isOwn)) return own;
  if (name === "args" && o.message) return tuple([o.message]);
  const dynamic = classSlot(m, o.cls, "__getattr__");
  if (dynamic && dynamic.t === "func")
    return callValue(m, { t: "bound", self: o, func: dynamic }, [str(name)]);
  return null;
}

function bindToInstance(m: Machine, o: Instance, x: Obj): Value {
  if (x.t === "func" || (x.t === "native" && x.name.startsWith("method:")))
    return { t: "bound", self: o, func: x };
  if (x.t !== "instance") return x;
  if (x.cls.name === "property" || x.cls.name === "cached_property")
    return callValue(m, x.scope.slots.get("func") ?? NONE, [o]);
  return bindToClass(o.cls, x);
}

/** `v.name = value`. */
export function setAttribute(m: Machine, v: Value, name: string, value: Value): void {
  each(m, v, (o) => {
    const into = scopeOf(o);
    if (into) write(m, into, name, value);
    return NONE;
  });
}

function scopeOf(o: Obj): Scope | null {
  return o.t === "instance" || o.t === "class" || o.t === "module" ? o.scope : null;
}

/** The `.a[b]` part of a format field. */
function follow(m: Machine, v: Value, path: string): Value {
  let out = v;
  for (const match of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
    if (match[1] !== undefined) out = getAttribute(m, out, match[1]);
    else out = getItem(m, out, /^\d+$/.test(match[2] ?? "") ? num(Number(match[2])) : str(match[2] ?? ""));
  }
  return out;
}
