import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import type { Value } from "../logic/values.ts";
import { FALSE, tuple } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { callValue } from "./calls.ts";
import { order } from "./operators/comparisons.ts";

/** Items as `sorted(items, key=…, reverse=…)` puts them. */
export function ordered(m: Machine, items: Value[], kwargs: Map<string, Value>): Value {
  const key = kwargs.get("key");
  const down = kwargs.get("reverse") ?? FALSE;
  const by = key && key.t !== "none" ? (v: Value): Value => callValue(m, key, [v]) : undefined;
  // Python takes whole numbers besides, and no other value for true or false.
  if (down.t !== "bool" && (down.t !== "num" || down.float)) return gap("an order that is not known");
  const backwards = Boolean(down.v);
  // Equal elements stay in their order, backwards too.
  const out = sorted(m, backwards ? [...items].reverse() : items, by);
  return tuple(backwards ? out.reverse() : out);
}

/** Items in Python's order; TypeError where it has none. */
export function sorted(m: Machine, items: Value[], key?: (v: Value) => Value): Value[] {
  const keyed = items.map((item) => ({ item, by: key ? narrow(m, key(item)) : item }));
  for (const a of keyed)
    for (const b of keyed) {
      if (a === b) break;
      if (order(m, a.by, b.by) === null) return gap("an order that is not known");
    }
  return keyed.sort((a, b) => order(m, a.by, b.by) ?? 0).map((k) => k.item);
}
