import { pure } from "../logic/apply.ts";
import { elementsOf } from "../logic/condensed.ts";
import { and, leaves, or, toCondition } from "../logic/decide.ts";
import { asCondition, fact, factAbout } from "../logic/facts.ts";
import { keyOf } from "../logic/keys.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { isNone, isUnhashable, lacksAll, lacksOwnEquality, type Proof } from "../logic/proofs.ts";
import type { Dict, Instance, List, Obj, Unknown, Value } from "../logic/values.ts";
import { bool, FALSE, itemsIn, MISSING, TRUE, typeName } from "../logic/values.ts";
import { spend } from "../logic/work.ts";
import { narrow } from "../logic/worlds.ts";
import { interest } from "../outside/variables.ts";
import { contentOf } from "./items-of.ts";

/** The condition under which two values are equal, as `==` says. */
export function equal(m: Machine, a: Value, b: Value): Value {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const)
    if (one.t === "choice") for (const o of leaves(other)) if (o.t === "str") interest(m, one, o.v);
  return asCondition(
    m,
    pure(m, [a, b], ([x, y]) => leafEqual(m, x as Obj, y as Obj)),
  );
}

function leafEqual(m: Machine, a: Obj, b: Obj): Value {
  spend(); // what holds itself many times over is compared as often
  if (a.t === "unknown" || b.t === "unknown") {
    if (a === b) return TRUE;
    const u = (a.t === "unknown" ? a : b) as Unknown;
    const other = a.t === "unknown" ? b : a;
    if (other.t === "none" && (u.type || u.truthy)) return FALSE;
    if (other.t === "str" && u.type === "str" && u.truthy && other.v === "") return FALSE;
    return factAbout(m, u, `== ${keyOf(other) ?? "something"}`);
  }
  // Members of an enumeration that are texts or numbers too are equal to these.
  const [va, vb] = [plain(a), plain(b)];
  if (va !== a || vb !== b) return equal(m, va, vb);
  const ka = keyOf(a);
  const kb = keyOf(b);
  if (ka !== null && kb !== null) return bool(ka === kb);
  if (a.t === "set" || b.t === "set") {
    if (a.t !== "set" || b.t !== "set")
      return (a.t === "list" && a.kind) || (b.t === "list" && b.kind) ? gap("a comparison of a set") : FALSE;
    return equalSets(m, a, b);
  }
  if (a.t === "tuple" || a.t === "list") {
    if (a.t !== b.t) return FALSE;
    const kind = (a.kind ?? "") === ((b as List).kind ?? "");
    if (a.t === "list" && (a.kind || !kind) && a !== b)
      return /^(dict_keys|dict_items)$/.test(`${a.kind}${(b as List).kind}`)
        ? gap("views")
        : kind && !a.once
          ? gap("kinds of lists")
          : FALSE;
    if (!kind) return FALSE;
    const left = contentOf(a) as Value;
    const right = contentOf(b) as Value;
    return pure(m, [left, right], ([x, y]) => equalItems(m, itemsIn(x), itemsIn(y)));
  }
  if (a.t === "dict" && b.t === "dict") return equalDicts(m, a, b);
  if (a.t === "instance" && b.t === "instance" && a !== b) return differentObjects(a, b);
  if ((a.t === "native" || a.t === "bound") && a.t === b.t && a !== b)
    return gap("whether two functions are one");
  return bool(a === b);
}

/** Objects without `__eq__` are equal to nothing but themselves; those of models and of Python's own may have one. */
function differentObjects(a: Instance, b: Instance): Value {
  return lacksOwnEquality(a) && lacksOwnEquality(b) ? FALSE : gap("whether two objects are equal");
}

function plain(o: Obj): Value {
  return o.t === "instance" ? (o.scope.slots.get("\0value") ?? o) : o;
}

function equalItems(m: Machine, a: Value[], b: Value[]): Value {
  const loose = [...a, ...b].find((v) => v.t === "unknown" && v.splat);
  // A question about both sides, so not one that another comparison may answer.
  if (loose?.t === "unknown") return fact(m, loose.reason, loose.from);
  if (a.length !== b.length) return FALSE;
  let all: Value = TRUE;
  for (const [i, x] of a.entries()) all = and(all, equal(m, x, b[i] as Value));
  return all;
}

function equalSets(m: Machine, a: List, b: List): Value {
  return pure(m, [a.content, b.content], ([x, y]) => {
    const left = itemsIn(x);
    const right = itemsIn(y);
    let all: Value = TRUE;
    for (const item of left) all = and(all, memberOf(m, item, right));
    for (const item of right) all = and(all, memberOf(m, item, left));
    return all;
  });
}

function equalDicts(m: Machine, a: Dict, b: Dict): Value {
  const open = a.open ?? b.open;
  if (open) return fact(m, open.reason, open.from);
  let all: Value = TRUE;
  for (const key of new Set([...a.scope.slots.keys(), ...b.scope.slots.keys()])) {
    const x = narrow(m, a.scope.slots.get(key) ?? MISSING);
    const y = narrow(m, b.scope.slots.get(key) ?? MISSING);
    all = and(all, equal(m, x, y));
  }
  return all;
}

/** The condition under which `item in items`. */
export function memberOf(m: Machine, item: Value, items: Value[]): Value {
  let found: Value = FALSE;
  let loose: Value | null = null;
  for (const other of items) {
    const among = elementsOf(other);
    if (among) for (const one of among) found = or(found, and(one.when, equal(m, one.item, item)));
    else if (other.t === "unknown" && other.splat) loose = other;
    else found = or(found, equal(m, other, item));
    if (found === TRUE) return TRUE;
  }
  if (loose?.t === "unknown") {
    const key = keyOf(narrow(m, item)) ?? "?";
    return or(found, factAbout(m, loose, `has ${key}`));
  }
  return found;
}

/** The condition under which `item in container`; raises TypeError for what has no members. */
export function contains(
  m: Machine,
  item: Value,
  container: Obj,
  fail: (proof: Proof | null, what: string) => never,
): Value {
  switch (container.t) {
    case "tuple":
      return memberOf(m, item, container.items);
    case "list":
    case "set":
      if (container.t === "set" && leaves(item).some((o) => isUnhashable(o)))
        return gap("an element that cannot be one");
      return pure(m, [container.content], ([c]) => memberOf(m, item, itemsIn(c)));
    case "dict":
      return pure(m, [item], ([k]) => hasKey(m, container, k as Obj));
    case "str":
      for (const o of leaves(item)) if (o.t === "str") interest(m, container, o.v);
      return pure(m, [item], ([o]) => {
        if (o?.t === "unknown") return factAbout(m, o, `in ${container.v}`);
        if (o?.t !== "str")
          return fail(isNone(o as Obj, "str"), "'in <string>' requires string as left operand");
        return bool(container.v.includes(o.v));
      });
    case "unknown": {
      const key = keyOf(narrow(m, item));
      return factAbout(m, container, `has ${key ?? "?"}`);
    }
    case "class":
      if (container.members) return memberOf(m, item, container.members);
      return fail(isNoContainer(container), `argument of type '${typeName(container)}' is not iterable`);
    default:
      return fail(isNoContainer(container), `argument of type '${typeName(container)}' is not iterable`);
  }
}

const isNoContainer = (o: Obj): Proof | null => lacksAll(o, "__contains__", "__iter__", "__getitem__");

function hasKey(m: Machine, d: Dict, k: Obj): Value {
  if (k.t === "unknown") return fact(m, k.reason, k.from);
  const key = keyOf(k);
  if (key === null) return raiseProven(m, isUnhashable(k), "TypeError", `unhashable type: '${typeName(k)}'`);
  const slot = key === null ? undefined : d.scope.slots.get(key);
  const known = slot ? toCondition(slot, (x) => x.t !== "missing") : FALSE;
  return d.open ? or(known, factAbout(m, d.open, `has ${key}`)) : known;
}
