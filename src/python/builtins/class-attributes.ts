import { each, pure } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { ite, possible, toCondition } from "../logic/decide.ts";
import { lineage } from "../logic/exceptions.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, isUnknownError } from "../logic/outcomes.ts";
import { isPythons } from "../logic/proofs.ts";
import { read } from "../logic/scopes.ts";
import type { Class, Instance, Obj, Value } from "../logic/values.ts";
import { NONE, namespaceDict, native, nextId, scope, str, tuple, unknown } from "../logic/values.ts";
import { callValue } from "../objects/calls.ts";
import { setAttribute } from "./set-attributes.ts";
import { unboundAttribute } from "./type-attributes.ts";

/** An attribute of a class, null when it has none of that name. */
export function classAttribute(m: Machine, cls: Class, name: string): Value | null {
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
  return unboundAttribute(m, cls, name, (o) => m.core.getAttribute(m, o, name));
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

/** An attribute of an object of a class: its own, then its class's, bound to it; null when there is none. */
export function instanceAttribute(m: Machine, o: Instance, name: string): Value | null {
  if (isUnknownError(o)) return gap("an attribute of an exception");
  if (name === "__class__") return o.cls;
  if (name === "__dict__") return namespaceDict(o.scope, o.id);
  if (o.cls.scope.places && classSlot(m, o.cls, "__getattribute__")?.t === "func")
    return gap("__getattribute__");
  const own = read(m, o.scope, name);
  const slot = classSlot(m, o.cls, name);
  const open = o.scope.slots.get("\0open");
  const isOwn = toCondition(own, (x) => x.t !== "missing");
  if (isOwn.t === "bool" && isOwn.v) return own;
  // Something unknown may have given it any value, or taken it away; methods stay what they are.
  if (open?.t === "unknown" && !possible(isOwn) && slot?.t !== "func")
    return gap(open.reason, open.from ? { from: open.from } : {});
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
