import { pure } from "../../logic/apply.ts";
import { ite, leaves, not, possible } from "../../logic/decide.ts";
import { forget } from "../../logic/forget.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, makeError, raise } from "../../logic/outcomes.ts";
import { isUnhashable, mayBeUnhashable } from "../../logic/proofs.ts";
import type { List, Value } from "../../logic/values.ts";
import { itemsIn, NONE, nextId, tuple } from "../../logic/values.ts";
import { raiseWhere } from "../../logic/worlds.ts";
import { callValue } from "../calls.ts";
import { equal, memberOf } from "../equality.ts";
import { mutate, setContent } from "../list-content.ts";
import { setOperation, unique } from "../operators/set-operations.ts";

const OPERATORS: Record<string, string> = {
  union: "BitOr",
  intersection: "BitAnd",
  difference: "Sub",
  symmetric_difference: "BitXor",
};
const IN_PLACE: Record<string, string> = {
  update: "BitOr",
  intersection_update: "BitAnd",
  difference_update: "Sub",
  symmetric_difference_update: "BitXor",
};
const OTHERS = new Set(["add", "remove", "discard", "clear", "copy", "issubset", "issuperset", "isdisjoint"]);

/** Is the method of sets modelled? */
export const isSetMethod = (name: string): boolean =>
  Object.hasOwn(OPERATORS, name) || Object.hasOwn(IN_PLACE, name) || OTHERS.has(name);

/** A method of a set or a frozenset. */
export function setMethod(
  m: Machine,
  self: List,
  name: string,
  args: Value[],
  kwargs: Map<string, Value>,
): Value {
  if (kwargs.size > 0) return gap(`the arguments of set.${name}`);
  const op = OPERATORS[name] ?? IN_PLACE[name];
  if (op) {
    if (op === "BitXor" && args.length !== 1) return gap(`the arguments of set.${name}`);
    let out: List = self;
    for (const a of args) out = setOperation(m, op, out, asSet(m, a));
    if (name in OPERATORS) return { ...out, id: nextId(), born: m.pc };
    setContent(m, self, out.content);
    return NONE;
  }
  const [first] = args;
  if (args.length !== (name === "clear" || name === "copy" ? 0 : 1))
    return gap(`the arguments of set.${name}`);
  switch (name) {
    case "clear":
      mutate(m, self, () => []);
      return NONE;
    case "copy":
      return { ...self, id: nextId(), born: m.pc };
    case "add":
      return add(m, self, first as Value);
    case "discard":
    case "remove":
      return remove(m, self, first as Value, name === "remove");
    case "isdisjoint":
      return isWithin(m, asSet(m, first as Value), self, true);
    case "issubset":
      return isWithin(m, self, asSet(m, first as Value), false);
    default:
      return isWithin(m, asSet(m, first as Value), self, false);
  }
}

function asSet(m: Machine, v: Value): List {
  const made = v.t === "set" ? v : callValue(m, m.builtins.get("set") as Value, [v]);
  return made.t === "set" ? made : gap("a set");
}

function add(m: Machine, self: List, v: Value): Value {
  const all = leaves(v);
  if (all.some((o) => isUnhashable(o) || mayBeUnhashable(o))) {
    if (v.t === "choice" || all.some(mayBeUnhashable)) forget(m, [self], "set.add");
    return gap("an element of a set");
  }
  const next = pure(m, [self.content], ([c]) => unique(m, [...itemsIn(c), v]));
  setContent(m, self, next);
  return NONE;
}

function remove(m: Machine, self: List, wanted: Value, strict: boolean): Value {
  if (leaves(wanted).some((o) => isUnhashable(o) || mayBeUnhashable(o))) {
    forget(m, [self], "set.remove");
    return gap("an element that cannot be one");
  }
  const there = pure(m, [self.content], ([c]) => memberOf(m, wanted, itemsIn(c)));
  if (strict) raiseWhere(m, not(there), makeError(m, "KeyError", "not in the set"));
  if (!possible(m.pc)) return NONE;
  const next = pure(m, [self.content], ([c]) => {
    let out: Value = tuple([]);
    for (const item of itemsIn(c)) {
      const keep = item.t === "unknown" && item.splat ? not(tuple([])) : not(equal(m, item, wanted));
      out = pure(m, [out], ([o]) => ite(keep, tuple([...itemsIn(o), item]), o as Value));
    }
    return out;
  });
  setContent(m, self, next);
  return NONE;
}

/** Is every item of one in the other (or none of them)? */
function isWithin(m: Machine, a: List, b: List, none: boolean): Value {
  return pure(m, [a.content, b.content], ([x, y]) => {
    let all: Value = { t: "bool", v: true };
    for (const item of itemsIn(x)) {
      if (item.t === "unknown" && item.splat) return gap("a comparison of sets");
      const there = memberOf(m, item, itemsIn(y));
      all = ite(none ? not(there) : there, all, { t: "bool", v: false });
    }
    return all;
  });
}

export { raise };
