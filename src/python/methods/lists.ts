import { combine, ite, possible } from "../decide.ts";
import { attempt, bounded, type Machine, narrow, pure, raise, relative, simplified } from "../machine.ts";
import { joinedItems, order, unique } from "../operators.ts";
import { equal, itemsOf, memberOf, truth } from "../truth.ts";
import type { List, Obj, Value } from "../values.ts";
import { itemsIn, list, NONE, num, tuple, unknown } from "../values.ts";

/** `a` where the condition holds, `b` elsewhere; many different sequences become one. */
const settled = (when: Value, a: Value, b: Value): Value => bounded(ite(when, a, b));

/** Changes a list's content in the worlds being executed. */
export function mutate(m: Machine, self: List, change: (items: Value[]) => Value[]): void {
  const next = pure(m, [self.content], ([c]) => tuple(change([...itemsIn(c)])));
  const when = relative(m, self.born);
  self.content = settled(when, next, self.content);
}

/** Gives a list the content of another one, in the worlds being executed. */
export function replaceContent(m: Machine, self: List, by: Value): void {
  const next = pure(m, [by], ([o]) =>
    o?.t === self.t ? (o as List).content : tuple([{ ...unknown("items that are not known"), splat: true }]),
  );
  self.content = settled(relative(m, self.born), next, self.content);
}

/** Any iterable's items, as a choice between tuples; TypeError for what is none. */
export function itemsOrRaise(m: Machine, v: Value): Value {
  return pure(
    m,
    [v],
    ([o]) => itemsOf(m, o as Obj) ?? raise(m, "TypeError", `'${o?.t}' object is not iterable`),
  );
}

/** A list method, or null when there is none of that name. */
export function listMethod(
  m: Machine,
  self: List,
  name: string,
  args: Value[],
  key?: (v: Value) => Value,
): Value | null {
  const [first = NONE, second = NONE] = args;
  switch (name) {
    case "append":
    case "add":
      mutate(m, self, (items) =>
        self.t === "set" ? [...unique(m, [...items, first]).items] : [...items, first],
      );
      return NONE;
    case "extend":
    case "update":
    case "__iadd__": {
      const more = itemsOrRaise(m, first);
      const next = pure(m, [self.content, more], ([c, x]) => {
        const all = joinedItems(itemsIn(c), itemsIn(x));
        return self.t === "set" ? unique(m, all.items) : all;
      });
      self.content = settled(relative(m, self.born), next, self.content);
      return NONE;
    }
    case "insert": {
      const next = pure(m, [self.content, first], ([c, at]) => {
        const items = [...itemsIn(c)];
        if (at?.t !== "num") return tuple([...items, second]);
        items.splice(at.v < 0 ? Math.max(0, items.length + at.v) : at.v, 0, second);
        return tuple(items);
      });
      self.content = settled(relative(m, self.born), next, self.content);
      return NONE;
    }
    case "remove":
    case "discard":
      return remove(m, self, first, name === "remove");
    case "pop":
      return pop(m, self, args[0] ?? num(-1));
    case "clear":
      mutate(m, self, () => []);
      return NONE;
    case "reverse":
      mutate(m, self, (items) => items.reverse());
      return NONE;
    case "sort":
      mutate(m, self, (items) => sorted(m, items, key));
      return NONE;
    case "copy":
      return { ...list([], m.pc), t: self.t, content: self.content };
    case "index":
      return pure(m, [self.content], ([c]) => indexOf(m, itemsIn(c), first));
    case "count":
      return pure(m, [self.content], ([c]) =>
        num(itemsIn(c).filter((i) => possible(equal(m, i, first))).length),
      );
    case "union":
    case "intersection":
    case "difference":
    case "symmetric_difference":
      return null;
    default:
      return null;
  }
}

function indexOf(m: Machine, items: Value[], wanted: Value): Value {
  for (const [i, item] of items.entries()) {
    if (item.t === "unknown" && item.splat) return unknown(`position after ${item.reason}`);
    const same = equal(m, item, wanted);
    if (same.t === "bool" && same.v) return num(i);
    if (possible(same)) return unknown("position of an element that may differ", { from: new Set() });
  }
  return raise(m, "ValueError", "is not in list");
}

function remove(m: Machine, self: List, wanted: Value, strict: boolean): Value {
  const next = pure(m, [self.content], ([c]) => {
    const items = itemsIn(c);
    const at = items.findIndex((i) => {
      const same = equal(m, i, wanted);
      return same.t === "bool" && same.v;
    });
    if (at >= 0) return tuple(items.filter((_, i) => i !== at));
    // It may be there under some condition: leave it out, as unknown.
    const loose = items.findIndex((i) => possible(equal(m, i, wanted)) && !(i.t === "unknown" && i.splat));
    if (loose >= 0) {
      const same = equal(m, items[loose] as Value, wanted);
      return ite(same, tuple(items.filter((_, i) => i !== loose)), tuple(items));
    }
    const open = possible(memberOf(m, wanted, items));
    return strict && !open ? raise(m, "ValueError", "list.remove(x): x not in list") : tuple(items);
  });
  if (possible(m.pc)) self.content = settled(relative(m, self.born), next, self.content);
  return NONE;
}

function pop(m: Machine, self: List, at: Value): Value {
  const position = (c: Obj | undefined, i: Obj | undefined): number => {
    const n = itemsIn(c).length;
    const k = i?.t === "num" ? i.v : -1;
    return k < 0 ? n + k : k;
  };
  const before = narrow(m, self.content);
  const taken = pure(m, [before, at], ([c, i]) => {
    const item = itemsIn(c)[position(c, i)];
    return item ?? raise(m, "IndexError", "pop from empty list");
  });
  if (!possible(m.pc)) return taken;
  const rest = pure(m, [narrow(m, before), at], ([c, i]) =>
    tuple(itemsIn(c).filter((_, k) => k !== position(c, i))),
  );
  self.content = settled(relative(m, self.born), rest, self.content);
  return taken;
}

/** Items in Python's order; left as they are when they can not be compared. */
export function sorted(m: Machine, items: Value[], key?: (v: Value) => Value): Value[] {
  const keyed = items.map((item) => ({ item, by: key ? attempt(m, () => key(item)) : item }));
  if (keyed.some((a) => keyed.some((b) => order(m, a.by, b.by) === null))) return items;
  return keyed.sort((a, b) => order(m, a.by, b.by) ?? 0).map((k) => k.item);
}

/** Items for which a test holds; conditional ones become choices between tuples. */
export function filtered(m: Machine, items: Value[], test: (v: Value) => Value): Value {
  let out: Value = tuple([]);
  for (const item of items) {
    const when = truth(m, test(item));
    out = appendWhere(m, out, when, item);
  }
  return out;
}

/** The content with an item added in the worlds of `when`, and as it was in all others. */
export function appendWhere(m: Machine, content: Value, when: Value, item: Value): Value {
  const there = simplified(m, when);
  if (!possible(there)) return content;
  const more = combine([content], ([c]) => tuple([...itemsIn(c), item]));
  return settled(there, more, content);
}
