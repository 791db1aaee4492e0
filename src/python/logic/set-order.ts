import { pure } from "./apply.ts";
import { ite, only } from "./decide.ts";
import { fact } from "./facts.ts";
import type { Machine } from "./machine.ts";
import type { Tuple, Value } from "./values.ts";
import { itemsIn, tuple } from "./values.ts";

const known = new WeakMap<Tuple, Value>();

/**
 * The items of a set: nobody knows in which order, and the hash of a text is another one in each process. What depends
 * on the order depends on a fact that is not known; what does not comes out the same in all of them.
 */
export function inSomeOrder(m: Machine, content: Value): Value {
  return pure(m, [content], ([c]) => {
    const items = itemsIn(c);
    if (items.length < 2 || c?.t !== "tuple") return c as Tuple;
    const before = known.get(c);
    if (before) return before;
    let made: Value = c;
    const orders = others(items);
    const condition = fact(m, "the order of a set is not known");
    const at = condition.t === "choice" ? condition.at : 0;
    for (const [i, order] of orders.entries()) made = ite(only(at, 1 << i), tuple(order), made);
    known.set(c, made);
    return made;
  });
}

/** Items of a set of which both neighbours of each are looked at, and of one of which each place is. */
const FEW = 8;
const MANY = 24;

/** Orders in which each item is at each place, at least of a set that is not large; the one it has is another. */
function others(items: Value[]): Value[][] {
  if (items.length > MANY) return [[...items].reverse()];
  const turned = (list: Value[]): Value[][] => list.map((_, i) => [...list.slice(i), ...list.slice(0, i)]);
  const backwards = items.length > 2 && items.length <= FEW ? turned([...items].reverse()) : [];
  return [...turned(items).slice(1), ...backwards];
}
