import { pure } from "../../logic/apply.ts";
import { ite, leaves, not } from "../../logic/decide.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raiseProven } from "../../logic/outcomes.ts";
import { isUnhashable } from "../../logic/proofs.ts";
import type { List, Tuple, Value } from "../../logic/values.ts";
import { itemsIn, nextId, TRUE, tuple, typeName } from "../../logic/values.ts";
import { memberOf } from "../equality.ts";

/** `a | b`, `a & b`, `a - b` and `a ^ b` of sets. */
export function setOperation(m: Machine, op: string, a: List, b: List): List {
  const content = pure(m, [a.content, b.content], ([x, y]) => {
    const [left, right] = [itemsIn(x), itemsIn(y)];
    if (op === "BitOr") return unique(m, [...left, ...right]);
    const keep = (item: Value, others: Value[], wanted: boolean): Value => {
      const inside = memberOf(m, item, others);
      return wanted ? inside : not(inside);
    };
    const chosen = (from: Value[], others: Value[], wanted: boolean): Value => {
      let out: Value = tuple([]);
      for (const item of from) {
        const there = item.t === "unknown" && item.splat ? TRUE : keep(item, others, wanted);
        out = pure(m, [out], ([o]) => ite(there, tuple([...itemsIn(o), item]), o as Value));
      }
      return out;
    };
    const first = chosen(left, right, op === "BitAnd");
    if (op !== "BitXor") return first;
    return pure(m, [first, chosen(right, left, false)], ([p, q]) => tuple([...itemsIn(p), ...itemsIn(q)]));
  });
  return { t: "set", content, born: m.pc, id: nextId(), ...(a.kind ? { kind: a.kind } : {}) };
}

/** Items without those that are certainly there already. */
export function unique(m: Machine, items: Value[]): Tuple {
  const out: Value[] = [];
  for (const item of items) {
    if (item.t === "choice" && leaves(item).some((one) => isUnhashable(one)))
      return gap("an element of a set");
    if (item.t !== "choice" && isUnhashable(item))
      return raiseProven(m, isUnhashable(item), "TypeError", `unhashable type: '${typeName(item)}'`);
    const there = memberOf(
      m,
      item,
      out.filter((i) => i.t !== "unknown"),
    );
    if (!(there.t === "bool" && there.v)) out.push(item);
  }
  return tuple(out);
}
