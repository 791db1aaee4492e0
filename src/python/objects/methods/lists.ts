import { mayRaise, pure } from "../../logic/apply.ts";
import { ite, possible, toCondition } from "../../logic/decide.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raise, raiseProven } from "../../logic/outcomes.ts";
import { isNone } from "../../logic/proofs.ts";
import type { List, Obj, Value } from "../../logic/values.ts";
import { bool, itemsIn, list, NONE, num, tuple, unknown } from "../../logic/values.ts";
import { narrow } from "../../logic/worlds.ts";
import { equal } from "../equality.ts";
import { itemsOrRaise } from "../iterate.ts";
import { mutate, setContent } from "../list-content.ts";
import { joinedItems } from "../operators/binary.ts";
import { ordered } from "../sorting.ts";

const NUMBER_OF_ARGUMENTS: Record<string, [number, number]> = {
  append: [1, 1],
  extend: [1, 1],
  insert: [2, 2],
  remove: [1, 1],
  pop: [0, 1],
  clear: [0, 0],
  reverse: [0, 0],
  sort: [0, 0],
  copy: [0, 0],
  index: [1, 3],
  count: [1, 1],
};

/** Is the method of lists modelled? */
export const isListMethod = (name: string): boolean => Object.hasOwn(NUMBER_OF_ARGUMENTS, name);

/** A method of a list. */
export function listMethod(
  m: Machine,
  self: List,
  name: string,
  args: Value[],
  kwargs: Map<string, Value> = new Map(),
): Value {
  const [least, most] = NUMBER_OF_ARGUMENTS[name] ?? [0, -1];
  const named =
    name === "sort" ? [...kwargs.keys()].filter((k) => k !== "key" && k !== "reverse") : [...kwargs.keys()];
  if (args.length < least || args.length > most || named.length > 0)
    return gap(`the arguments of list.${name}`);
  const [first = NONE, second = NONE] = args;
  switch (name) {
    case "append":
      mutate(m, self, (items) => [...items, first]);
      return NONE;
    case "extend":
      extend(m, self, first);
      return NONE;
    case "insert":
      insert(m, self, first, second);
      return NONE;
    case "remove":
      return remove(m, self, first);
    case "pop":
      return pop(m, self, args[0] ?? num(-1));
    case "clear":
      mutate(m, self, () => []);
      return NONE;
    case "reverse":
      mutate(m, self, (items) => items.reverse());
      return NONE;
    case "sort":
      sortInPlace(m, self, kwargs);
      return NONE;
    case "copy":
      return { ...list([], m.pc), content: self.content };
    case "index":
      return args.length > 1
        ? gap("list.index")
        : pure(m, [self.content], ([c]) => indexOf(m, itemsIn(c), first));
    case "count":
      return pure(m, [self.content], ([c]) => num(timesIn(m, itemsIn(c), first)));
    default:
      return gap(`list.${name}`);
  }
}

/** Appends the items of an iterable. */
export function extend(m: Machine, self: List, by: Value): void {
  const more = itemsOrRaise(m, by);
  setContent(
    m,
    self,
    pure(m, [self.content, more], ([c, x]) => joinedItems(itemsIn(c), itemsIn(x))),
  );
}

function insert(m: Machine, self: List, at: Value, v: Value): void {
  const next = pure(m, [self.content, at], ([c, i]) => {
    const items = [...itemsIn(c)];
    const hidden = items.some((x) => x.t === "unknown" && x.splat);
    if (i?.t === "unknown" || (hidden && i?.t === "num" && i.v !== 0)) return tuple(somewhere(items, v));
    if (i?.t !== "num" || i.float)
      return raiseProven(m, isNone(i as Obj, "int"), "TypeError", "an index must be an integer");
    items.splice(i.v < 0 ? Math.max(0, items.length + i.v) : i.v, 0, v);
    return tuple(items);
  });
  setContent(m, self, next);
}

/** Where nobody knows the place, the items and the new one are there in some order. */
function somewhere(items: Value[], v: Value): Value[] {
  const open = items.findIndex((x) => x.t === "unknown" && x.splat);
  return open < 0
    ? [unknown("items in an order that is not known", { splat: true })]
    : [...items.slice(0, open + 1), v, ...items.slice(open)];
}

function sortInPlace(m: Machine, self: List, kwargs: Map<string, Value>): void {
  const next = pure(m, [self.content], ([c]) => ordered(m, itemsIn(c), kwargs));
  setContent(m, self, next);
}

function indexOf(m: Machine, items: Value[], wanted: Value): Value {
  for (const [i, item] of items.entries()) {
    if (item.t === "unknown" && item.splat) return gap(`position after ${item.reason}`);
    const same = equal(m, item, wanted);
    if (same.t === "bool" && same.v) return num(i);
    if (possible(same)) return gap("position of an element that may differ");
  }
  return raise(m, "ValueError", "is not in list");
}

function timesIn(m: Machine, items: Value[], wanted: Value): number {
  return items.filter((item) => {
    const same =
      item.t === "unknown" && item.splat
        ? gap("a number of elements", { type: "int" })
        : equal(m, item, wanted);
    return same.t === "bool" ? same.v : gap("a number of elements", { type: "int" });
  }).length;
}

/** Takes out the first item that is equal. */
function remove(m: Machine, self: List, wanted: Value): Value {
  const doubted = pure(m, [self.content], ([c]) => bool(mayLack(m, itemsIn(c), wanted)));
  if (!possible(m.pc)) return NONE;
  const isDoubted = toCondition(doubted, (o) => o.t !== "bool" || o.v);
  if (possible(isDoubted)) mayRaise(m, isDoubted, unknown("whether it is in the list"));
  const next = pure(m, [self.content], ([c]) => without(m, itemsIn(c), 0, wanted));
  setContent(m, self, next);
  return NONE;
}

/** Is something in the list of which nobody knows what it is, before what is certainly the one? */
function mayLack(m: Machine, items: Value[], wanted: Value): boolean {
  for (const item of items) {
    if (item.t === "unknown" && item.splat) return true;
    const same = equal(m, item, wanted);
    if (same.t === "bool" && same.v) return false;
  }
  return false;
}

function without(m: Machine, items: Value[], from: number, wanted: Value): Value {
  const item = items[from];
  if (item === undefined) return raise(m, "ValueError", "list.remove(x): x not in list");
  if (item.t === "unknown" && item.splat) return restOf(m, items, from, wanted);
  const same = equal(m, item, wanted);
  const rest = tuple(items.filter((_, i) => i !== from));
  if (same.t === "bool") return same.v ? rest : without(m, items, from + 1, wanted);
  return ite(same, rest, restOf(m, items, from + 1, wanted));
}

/** What is left when a place further on may be the one: what raises there is not told apart. */
function restOf(m: Machine, items: Value[], from: number, wanted: Value): Value {
  const open = items.slice(from).some((x) => x.t === "unknown" && x.splat);
  const same = open ? null : items.slice(from).find((x) => possible(equal(m, x, wanted)));
  if (open || same === undefined) return open ? tuple(items) : { t: "raised", error: valueError(m) };
  return without(m, items, from, wanted);
}

function valueError(m: Machine): Obj & { t: "instance" } {
  const cls = m.exceptions.get("ValueError") as Obj & { t: "class" };
  return {
    t: "instance",
    cls,
    scope: { slots: new Map(), born: m.pc, places: null },
    id: 0,
    message: { t: "str", v: "list.remove(x): x not in list" },
  };
}

function pop(m: Machine, self: List, at: Value): Value {
  const position = (c: Obj | undefined, i: Obj | undefined): number => {
    const items = itemsIn(c);
    if (i?.t === "unknown") return gap(i.reason);
    const k =
      i?.t === "num" && !i.float
        ? i.v
        : i?.t === "bool"
          ? Number(i.v)
          : raiseProven(m, isNone(i as Obj, "int"), "TypeError", "an index");
    const own = k < 0 ? items.length + k : k;
    const open = items.findIndex((x) => x.t === "unknown" && x.splat);
    const last = items.findLastIndex((x) => x.t === "unknown" && x.splat);
    if (open >= 0 && (k < 0 ? own <= last : own >= open)) return gap("an element that is not known");
    return own;
  };
  const before = narrow(m, self.content);
  const both = pure(m, [before, at], ([c, i]) => {
    const k = position(c, i);
    const item = itemsIn(c)[k];
    if (item === undefined) return raise(m, "IndexError", "pop index out of range");
    return tuple([item, tuple(itemsIn(c).filter((_, n) => n !== k))]);
  });
  if (!possible(m.pc)) return both;
  const open = unknown("an element was taken from it", { splat: true });
  setContent(
    m,
    self,
    pure(m, [both], ([b]) => pairOf(b)?.[1] ?? tuple([open])),
  );
  return pure(
    m,
    [both],
    ([b]) => pairOf(b)?.[0] ?? (b?.t === "tuple" ? unknown("an element of a list") : (b as Obj)),
  );
}

/** An item and the rest; of too many of such pairs only one of any length is left. */
const pairOf = (b: Obj | undefined): Value[] | null =>
  b?.t === "tuple" && b.items.length === 2 && !b.items.some((x) => x.t === "unknown" && x.splat)
    ? b.items
    : null;
