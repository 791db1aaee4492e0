import { ite, leaves, possible, toCondition } from "../logic/decide.ts";
import { isBuiltinException } from "../logic/exceptions.ts";
import type { Machine } from "../logic/machine.ts";
import { makeError } from "../logic/outcomes.ts";
import { read } from "../logic/scopes.ts";
import type { Frame, Value } from "../logic/values.ts";
import { MISSING, unknown } from "../logic/values.ts";
import { narrow, raiseWhere } from "../logic/worlds.ts";

/** A name: local, enclosing, module, built in; NameError where it is nowhere. */
export function lookup(m: Machine, name: string): Value {
  const near = m.frame.outer.size === 0 ? m.frame.scope.slots.get(name) : undefined;
  if (near && near.t !== "choice" && near.t !== "missing") return near;
  let found: Value = MISSING;
  const fill = (v: Value): boolean => {
    if (found.t === "missing") found = v;
    else if (v.t !== "missing")
      found = ite(
        toCondition(found, (o) => o.t === "missing"),
        v,
        found,
      );
    return found.t !== "choice" ? found.t !== "missing" : !leaves(found).some((o) => o.t === "missing");
  };
  const outer = m.frame.outer.get(name);
  for (let f: Frame | null = outer ?? m.frame; f; f = f.parent) {
    if (f.isClass && f !== m.frame) continue;
    if (fill(read(m, f.scope, name))) return found;
    // A name that a function binds anywhere is its own everywhere.
    if (f.locals?.has(name) && !f.isClass && !m.frame.outer.has(name))
      return unbound(m, name, found, f === m.frame);
  }
  if (fill(read(m, m.frame.module.scope, name))) return found;
  const builtin = m.builtins.get(name) ?? (isBuiltinException(name) ? m.exceptions.get(name) : undefined);
  if (builtin && fill(builtin)) return found;
  const open = m.frame.module.scope.slots.get("\0open");
  if (open?.t === "unknown") {
    fill(open);
    return found;
  }
  if (name === "__file__" || name === "__name__") return unknown(name, { type: "str", truthy: true });
  const absent = toCondition(found, (o) => o.t === "missing");
  raiseWhere(m, absent, makeError(m, "NameError", `name '${name}' is not defined`));
  return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}

/** A name that its function has not bound yet: in the function itself an UnboundLocalError, in what is within it not. */
function unbound(m: Machine, name: string, found: Value, own: boolean): Value {
  const absent = toCondition(found, (o) => o.t === "missing");
  const error = own
    ? makeError(m, "UnboundLocalError", `cannot access local variable '${name}'`)
    : makeError(m, "NameError", `cannot access free variable '${name}'`);
  raiseWhere(m, absent, error);
  return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}
