import { each, pure } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { ite, leaves, possible } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { isNoIterable } from "../logic/proofs.ts";
import type { List, Obj, Value } from "../logic/values.ts";
import { tuple, typeName, unknown } from "../logic/values.ts";
import { relative } from "../logic/worlds.ts";
import { itemsOf } from "./items-of.ts";
import { setContent } from "./list-content.ts";
import { callFunction } from "./run-function.ts";

/** Any iterable's items, as a choice between tuples; TypeError for what is none. What an iterator gives is gone. */
export function itemsOrRaise(m: Machine, v: Value): Value {
  if (m.nested === 0 && leaves(v).some((o) => o.t === "instance")) return each(m, v, (o) => ownItems(m, o));
  for (const o of leaves(v)) if (o.t === "list" && o.pending) start(m, o);
  if (!possible(m.pc)) return unknown("never executed");
  const items = pure(m, [v], ([o]) => itemsOfLeaf(m, o as Obj));
  for (const o of leaves(v)) if (o.t === "list" && o.once) exhaust(m, o);
  return items;
}

function itemsOfLeaf(m: Machine, o: Obj): Value {
  if (o.t === "unknown" && /^(int|float|bool)$/.test(o.type ?? "")) return gap("the items of a number");
  return (
    itemsOf(m, o) ?? raiseProven(m, isNoIterable(o), "TypeError", `'${typeName(o)}' object is not iterable`)
  );
}

/** Generators among arguments begin before what is done with them is done for each of several cases. */
export function startAll(m: Machine, given: Value[]): void {
  for (const v of given) for (const o of leaves(v)) if (o.t === "list") start(m, o);
}

/** Makes what a generator gives, all at once. */
export function start(m: Machine, o: List): void {
  const { pending } = o;
  if (!pending) return;
  delete o.pending;
  const lost = tuple([unknown("what a generator gives", { splat: true })]);
  if (m.nested > 0) o.content = lost;
  else {
    const when = relative(m, o.born);
    o.content = ite(when, pending(), lost);
  }
}

function exhaust(m: Machine, o: List): void {
  // Within `pure` nobody knows in which worlds.
  if (m.nested > 0) o.content = tuple([unknown("what is left of an iterator", { splat: true })]);
  else setContent(m, o, tuple([]));
}

/** Of an object of a project's class: what its `__iter__` gives. */
function ownItems(m: Machine, o: Obj): Value {
  const method = o.t === "instance" ? classSlot(m, o.cls, "__iter__") : null;
  if (o.t !== "instance" || method?.t !== "func") return itemsOrRaiseLeaf(m, o);
  const made = callFunction(m, method, [o], new Map());
  return leaves(made).some((x) => x.t === "instance")
    ? gap(`an iterator of a ${o.cls.name}`)
    : itemsOrRaise(m, made);
}

function itemsOrRaiseLeaf(m: Machine, o: Obj): Value {
  if (o.t === "instance") return pure(m, [o], ([x]) => itemsOfLeaf(m, x as Obj));
  return itemsOrRaise(m, o);
}
