import { pure } from "../../logic/apply.ts";
import { keyOf } from "../../logic/keys.ts";
import type { Machine } from "../../logic/machine.ts";
import type { Dict, Obj } from "../../logic/values.ts";
import { dict } from "../../logic/values.ts";
import { keysOf } from "../items-of.ts";

/** A copy of a dict, of its kind. */
export function copyDict(m: Machine, d: Dict): Dict {
  const copy = dict(m.pc);
  for (const [k, v] of d.scope.slots) copy.scope.slots.set(k, v);
  copy.open = d.open;
  if (d.factory) copy.factory = d.factory;
  if (d.kind) copy.kind = d.kind;
  return copy;
}

/** `a | b` of dicts. */
export function mergedDict(m: Machine, a: Dict, b: Dict): Dict {
  const out = copyDict(m, a);
  for (const { key, when, value } of keysOf(b)) {
    const name = keyOf(key) ?? "";
    const old = out.scope.slots.get(name);
    out.scope.slots.set(
      name,
      old && !(when.t === "bool" && when.v)
        ? pure(m, [value, old], ([x, y]) => (x?.t === "missing" ? (y as Obj) : (x as Obj)))
        : value,
    );
  }
  if (b.open) out.open = b.open;
  return out;
}
