import { each, mayRaise, pure } from "./apply.ts";
import { builtinAttribute, unboundAttribute } from "./builtin-attributes.ts";
import { callValue } from "./calls.ts";
import { ite, leaves, possible, toCondition } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { forget } from "./forget.ts";
import { getItem } from "./items.ts";
import type { Machine } from "./machine.ts";
import { startAll } from "./methods/lists.ts";
import { isStringMethod, noteInterest, stringMethod } from "./methods/strings.ts";
import { typeAttribute } from "./names/index.ts";
import { gap, isUnknownError, raiseProven } from "./outcomes.ts";
import { findModule } from "./project-files.ts";
import { exactType, isPythons, lacksAttribute, lacksInScope, type Proof } from "./proofs.ts";
import { read, write } from "./scopes.ts";
import { pathAttribute } from "./stdlib/pathlib.ts";
import type { Class, Instance, Obj, Scope, Value } from "./values.ts";
import {
  MISSING,
  NONE,
  namespaceDict,
  native,
  nextId,
  num,
  scope,
  str,
  tuple,
  typeName,
  unknown,
} from "./values.ts";
import { narrow } from "./worlds.ts";

/** `v.name`; `fallback` is what getattr gives instead of AttributeError. */
export function getAttribute(m: Machine, v: Value, name: string, fallback?: Value): Value {
  const here = narrow(m, v);
  // A method of a text that depends on a variable is applied to all its cases at once.
  if (here.t === "choice" && isStringMethod(name) && leaves(here).every((o) => o.t === "str"))
    return native(name, (args, kwargs) => {
      noteInterest(m, here, name, args);
      startAll(m, args);
      return pure(m, [here], ([o]) =>
        stringMethod(m, o as { t: "str"; v: string }, name, args, kwargs, (x, p) => follow(m, x, p)),
      );
    });
  return each(m, here, (o) => {
    const found = leafAttribute(m, o, name);
    if (found === null) return absent(m, o, name, fallback);
    const there = toCondition(found, (x) => x.t !== "missing");
    if (there.t === "bool" && there.v) return found;
    return pure(m, [found], ([x]) => (x?.t === "missing" ? absent(m, o, name, fallback) : (x as Obj)));
  });
}

/**
 * What an object has not got as far as we know: an AttributeError where that is proven, else something that is not
 * modelled. A method of that kind may change its object and what it is given.
 */
function absent(m: Machine, o: Obj, name: string, fallback?: Value): Value {
  // Models ask for what they themselves have set.
  if (fallback && m.frame.file.startsWith("<") && o.t !== "unknown") return fallback;
  const proof = lacksAttribute(o, name) ?? lacksInModule(m, o, name);
  if (proof) return fallback ?? raiseProven(m, proof, "AttributeError", lacks(o, name));
  const type = exactType(o) ?? (o.t === "class" && isPythons(o) ? o.name : null);
  const reason = `${type ?? typeName(o)}.${name}`;
  if (type === null || typeAttribute(type, name)?.has !== "method") return gap(reason);
  return native(name, (args, kwargs) => {
    forget(m, [o, ...args, ...kwargs.values()], reason);
    return gap(reason);
  });
}

const lacks = (o: Obj, name: string): string =>
  o.t === "module"
    ? `module '${o.name}' has no attribute '${name}'`
    : `'${typeName(o)}' object has no attribute '${name}'`;

/** A module of the project has what it has set, and its submodules: nothing else. */
function lacksInModule(m: Machine, o: Obj, name: string): Proof | null {
  if (o.t !== "module" || o.external || o.scope.slots.has("__getattr__") || /^__\w+__$/.test(name))
    return null;
  return findModule(m, `${o.name}.${name}`) ? null : lacksInScope(o);
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
      if (name === "__dict__" && (!o.external || o.scope.slots.size > 0)) return namespaceDict(o.scope);
      if (!o.external) return o.scope.slots.get("\0open") ?? null;
      return unknown(`${o.name}.${name} is outside the project`);
    }
    case "tuple":
      if (o.fields?.includes(name)) return o.items[o.fields.indexOf(name)] ?? NONE;
      return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
    case "path":
      return pathAttribute(m, o.v, name);
    case "class":
      return classAttribute(m, o, name);
    case "instance":
      return instanceAttribute(m, o, name);
    case "func":
      return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
    case "native":
      return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
    case "bound":
      return name === "__self__" ? o.self : leafAttribute(m, o.func, name);
    case "missing":
    case "raised":
    case "notFollowed":
    case "place":
      return null;
    default:
      return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
  }
}

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
  if (name === "__dict__") return namespaceDict(cls.scope);
  if (name === "__members__") return unknown("members of an enumeration");
  if (name === "__mro__") return tuple(lineage(cls));
  if (name === "__bases__") return tuple(cls.bases);
  const slot = classSlot(m, cls, name);
  if (slot === null && name === "__new__" && cls.name === "object")
    return native("__new__", ([c = cls]) => blank(m, c));
  if (slot === null && name === "__new__" && !cls.construct && !isPythons(cls))
    return native("__new__", ([c = cls]) => blank(m, c));
  if (slot === null && name === "__init__" && !isPythons(cls)) return native("__init__", () => NONE);
  if (slot === null && isPythons(cls) && !cls.bound) return ofBuiltinType(m, cls, name);
  return slot === null
    ? null
    : pure(m, [slot], ([o]) => (o ? (cls.bound ? bindToSuper(m, cls.bound, o) : bindToClass(cls, o)) : NONE));
}

/** `str.strip`, `object.__setattr__`: of a type of Python's own. */
function ofBuiltinType(m: Machine, cls: Class, name: string): Value | null {
  if (name === "__setattr__" && cls.name === "object")
    return native(name, ([self = NONE, key = NONE, v = NONE]) => {
      if (key.t !== "str") return gap("object.__setattr__");
      setAttribute(m, self, key.v, v);
      return NONE;
    });
  return unboundAttribute(m, cls, name, (o) => getAttribute(m, o, name));
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
  if (isUnknownError(o)) return gap("an attribute of an exception");
  if (name === "__class__") return o.cls;
  if (name === "__dict__") return { t: "dict", scope: o.scope, open: null, id: o.id };
  if (o.cls.scope.places && classSlot(m, o.cls, "__getattribute__")?.t === "func")
    return gap("__getattribute__");
  const own = read(m, o.scope, name);
  const slot = classSlot(m, o.cls, name);
  const open = o.scope.slots.get("\0open");
  const isOwn = toCondition(own, (x) => x.t !== "missing");
  if (isOwn.t === "bool" && isOwn.v) return own;
  // Something unknown may have given it any value; methods stay what they are.
  if (open && !possible(isOwn) && slot?.t !== "func") return open;
  if (slot !== null) {
    const bound = each(m, slot, (x) => bindToInstance(m, o, x));
    return possible(isOwn) ? ite(isOwn, own, bound) : bound;
  }
  if (possible(isOwn)) return own;
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

/** `v.name = value`; what has no names of its own may refuse it, or keep it where nobody looks. */
export function setAttribute(m: Machine, v: Value, name: string, value: Value): void {
  each(m, v, (o) => {
    const into = scopeOf(o);
    const own = o.t === "instance" ? classSlot(m, o.cls, name) : null;
    const setter = o.t === "instance" ? classSlot(m, o.cls, "__setattr__") : null;
    if (setter?.t === "func") callValue(m, { t: "bound", self: o, func: setter }, [str(name), value]);
    else if (own !== null && leaves(own).some((x) => x.t === "instance" && x.cls.name === "property"))
      return gap(`a property ${name} that is set`);
    else if (into) write(m, into, name, value);
    else if (o.t !== "unknown") raiseProven(m, lacksAttribute(o, name), "AttributeError", lacks(o, name));
    else mayRaise(m, { t: "bool", v: true }, o);
    return NONE;
  });
}

/** `del v.name` */
export function deleteAttribute(m: Machine, v: Value, name: string): void {
  each(m, v, (o) => {
    const into = scopeOf(o);
    if (!into) return gap(`del of an attribute of a ${typeName(o)}`);
    if (narrow(m, into.slots.get(name) ?? MISSING).t === "missing") return gap(`del .${name}`);
    write(m, into, name, MISSING);
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
