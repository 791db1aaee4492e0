import { condensed } from "./condensed.ts";
import { leaves, sizeOf, support } from "./decide.ts";
import type { Unknown, Value } from "./values.ts";
import { unknown } from "./values.ts";

const MAX_LEAVES = 80;
const MAX_SEQUENCES = 16;

/** A value with too many cases becomes one that is not known, but of which we know the variables it comes from. */
export function bounded(v: Value): Value {
  if (v.t !== "choice") return v;
  const all = leaves(v);
  const few = all.length <= MAX_LEAVES && sizeOf(v) <= MAX_LEAVES * 6;
  if (few && all.length <= MAX_SEQUENCES) return v;
  const one = all.every((o) => o.t === "tuple") ? condensed(v) : null;
  return one ?? (few ? v : tooMany([v]));
}

export function tooMany(values: Value[]): Unknown {
  const from = new Set<number>();
  const types = new Set<string>();
  for (const v of values) {
    for (const at of support(v)) from.add(at);
    for (const leaf of leaves(v)) {
      types.add(leaf.t);
      if (leaf.t === "unknown") for (const x of leaf.from ?? []) from.add(x);
    }
  }
  const type = types.size === 1 && types.has("str") ? { type: "str" } : {};
  return unknown("it is put together from several variables", { from, ...type });
}
