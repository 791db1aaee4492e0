import { each, mayRaise } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { leaves } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { lacksAttribute } from "../logic/proofs.ts";
import { write } from "../logic/scopes.ts";
import type { Obj, Scope, Value } from "../logic/values.ts";
import { MISSING, NONE, str, typeName } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { callValue } from "../objects/calls.ts";

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

/** What Python says of an attribute that is not there. */
export const lacks = (o: Obj, name: string): string =>
  o.t === "module"
    ? `module '${o.name}' has no attribute '${name}'`
    : `'${typeName(o)}' object has no attribute '${name}'`;
