import { each, mayRaise, pure } from "../../logic/apply.ts";
import { always, ite, leaves, possible, toCondition } from "../../logic/decide.ts";
import { openUp } from "../../logic/forget.ts";
import { keyOf } from "../../logic/keys.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raise, raiseProven } from "../../logic/outcomes.ts";
import { isNoIterable, isUnhashable, lacksAttribute, mayBeUnhashable } from "../../logic/proofs.ts";
import { write } from "../../logic/scopes.ts";
import type { Dict, Obj, Value } from "../../logic/values.ts";
import {
  dict,
  itemsIn,
  list,
  MISSING,
  NONE,
  native,
  str,
  TRUE,
  tuple,
  typeName,
  unknown,
} from "../../logic/values.ts";
import { narrow, relative } from "../../logic/worlds.ts";
import { interest } from "../../outside/variables.ts";
import { keysOf } from "../items-of.ts";
import { itemsOrRaise } from "../iterate.ts";
import { appendWhere } from "../list-content.ts";
import { copyDict } from "../operators/dict-copies.ts";
import { reading } from "../reads.ts";

/** `d[key]` where it is there, `fallback` elsewhere (null: KeyError). */
export function dictGet(m: Machine, d: Dict, key: Value, fallback: (() => Value) | null): Value {
  if (key.t === "choice") for (const k of d.scope.slots.keys()) if (k[0] !== "\0") interest(m, key, k);
  return pure(m, [key], ([k]) => {
    if (!k || k.t === "unknown") return gap(`item of a dict at ${k?.reason ?? "?"}`);
    const name = keyOf(k);
    if (name === null)
      return raiseProven(m, isUnhashable(k), "TypeError", `unhashable type: '${typeName(k)}'`);
    const slot = narrow(m, d.scope.slots.get(name) ?? MISSING);
    return pure(m, [slot], ([v]) => {
      if (v && v.t !== "missing") return v;
      if (d.open && fallback === null) return gap(d.open.reason, d.open.from ? { from: d.open.from } : {});
      if (d.open) return unknown(d.open.reason, d.open.from ? { from: d.open.from } : {});
      if (fallback) return fallback();
      return raise(m, "KeyError", name);
    });
  });
}

export function dictSet(m: Machine, d: Dict, key: Value, v: Value): void {
  const narrowed = narrow(m, key);
  if (narrowed.t !== "choice") {
    const name = keyOf(narrowed);
    if (name === null) setUnknown(m, d, narrowed);
    else write(m, d.scope, name, v);
    return;
  }
  // Keys that nobody knows change all there is, whichever they are: together.
  const lost = leaves(narrowed).find((k) => k.t === "unknown");
  const some = unknown(lost?.t === "unknown" ? lost.reason : "a key that is not known");
  const keys = pure(m, [narrowed], ([k]) =>
    keyOf(k as Obj) === null && !isUnhashable(k as Obj) ? some : (k as Obj),
  );
  each(m, keys, (k) => {
    const name = keyOf(k);
    if (name === null) setUnknown(m, d, k);
    else write(m, d.scope, name, v);
    return NONE;
  });
}

function setUnknown(m: Machine, d: Dict, k: Obj): void {
  const proof = isUnhashable(k);
  if (proof) raiseProven(m, proof, "TypeError", `unhashable type: '${typeName(k)}'`);
  openUp(m, d, unknown(k.t === "unknown" ? k.reason : "a key that is not known"));
  if (mayBeUnhashable(k)) mayRaise(m, TRUE, unknown("whether an object can be a key"));
}

const NUMBER_OF_ARGUMENTS: Record<string, [number, number]> = {
  get: [1, 2],
  setdefault: [1, 2],
  pop: [1, 2],
  popitem: [0, 0],
  update: [0, 1],
  copy: [0, 0],
  clear: [0, 0],
  keys: [0, 0],
  values: [0, 0],
  items: [0, 0],
};

/** A method of a dict; null for what is not modelled. */
export function dictMethod(m: Machine, self: Dict, name: string): Value | null {
  const arity = Object.hasOwn(NUMBER_OF_ARGUMENTS, name) ? NUMBER_OF_ARGUMENTS[name] : undefined;
  if (!arity) return null;
  return native(name, (args, kwargs) => {
    if (args.length < arity[0] || args.length > arity[1] || (kwargs.size > 0 && name !== "update"))
      return gap(`the arguments of dict.${name}`);
    return called(m, self, name, args, kwargs);
  });
}

function called(m: Machine, self: Dict, name: string, args: Value[], kwargs: Map<string, Value>): Value {
  const [first = NONE, second = NONE] = args;
  switch (name) {
    case "get":
      return dictGet(m, self, first, () => second);
    case "setdefault": {
      const found = dictGet(m, self, first, () => second);
      dictSet(m, self, first, found);
      return found;
    }
    case "pop": {
      // An empty dict does not look at the key, also one that no dict takes.
      const odd = leaves(first).some((key) => key.t !== "unknown" && keyOf(key) === null);
      if (odd && !keysOf(self).some(({ when }) => always(when))) return gap("an item of a dict");
      const found = dictGet(m, self, first, args.length > 1 ? () => second : null);
      if (possible(m.pc)) dictDelete(m, self, first);
      return found;
    }
    case "popitem":
      return popItem(m, self);
    case "update":
      for (const a of args) updateFrom(m, self, a);
      for (const [k, v] of kwargs) write(m, self.scope, k, v);
      return NONE;
    case "copy":
      return copyDict(m, self);
    case "clear":
      for (const k of [...self.scope.slots.keys()]) remove(m, self, k);
      return NONE;
    case "keys":
      return view(m, self, "dict_keys", ({ key }) => key);
    case "values":
      return view(m, self, "dict_values", ({ value }) => value);
    case "items":
      return view(m, self, "dict_items", ({ key, value }) => tuple([key, value]));
    default:
      return gap(`dict.${name}`);
  }
}

/** The last item, where it is certain which that is. */
function popItem(m: Machine, self: Dict): Value {
  const items = keysOf(self);
  const last = items.at(-1);
  const sure = !self.open && items.every(({ when }) => always(when)) && always(relative(m, self.scope.born));
  if (sure && !last && !self.scope.places) return raise(m, "KeyError", "popitem(): dictionary is empty");
  if (!sure || !last || self.scope.places) {
    openUp(m, self, unknown("a dict that an item was taken from"), true);
    return gap("an item of a dict");
  }
  self.scope.slots.delete(keyOf(last.key) ?? "");
  return tuple([last.key, last.value]);
}

function view(m: Machine, self: Dict, kind: string, pick: (e: { key: Obj; value: Value }) => Value): Value {
  let content: Value = tuple([]);
  for (const { key, when, value } of keysOf(self))
    content = appendWhere(m, content, when, pick({ key, value: presentPart(m, value) }));
  if (self.open)
    content = pure(m, [content], ([c]) =>
      tuple([...itemsIn(c), { ...unknown(self.open?.reason ?? ""), splat: true }]),
    );
  return reading({ ...list([], m.pc), content, kind, of: self }, [self], "values");
}

/** A slot without the worlds in which it is missing. */
function presentPart(m: Machine, v: Value): Value {
  const here = narrow(m, v);
  if (here.t !== "choice") return here;
  const there = toCondition(here, (o) => o.t !== "missing");
  return possible(there)
    ? pure(m, [here], ([o]) => (o?.t === "missing" ? unknown("missing") : (o as Obj)))
    : here;
}

export function dictDelete(m: Machine, self: Dict, key: Value): void {
  each(m, key, (k) => {
    const name = keyOf(k);
    if (name !== null) remove(m, self, name);
    else openUp(m, self, unknown("an item was taken out that is not known"), true);
    return NONE;
  });
}

/** A key that is put in again comes last. */
function remove(m: Machine, self: Dict, name: string): void {
  if (always(relative(m, self.scope.born)) && !self.scope.places) self.scope.slots.delete(name);
  else write(m, self.scope, name, MISSING);
}

/** `d.update(other)`, with dicts, pairs and unknowns. */
export function updateFrom(m: Machine, self: Dict, other: Value): void {
  const start = narrow(m, other);
  if (start.t === "choice") {
    each(m, start, (o) => {
      updateFrom(m, self, o);
      return NONE;
    });
    return;
  }
  if (start.t === "dict") {
    for (const [k, v] of start.scope.slots) writePresent(m, self, k, v);
    if (start.open) openUp(m, self, start.open);
  } else if (start.t === "unknown") openUp(m, self, start);
  else if (start.t === "instance" && !lacksAttribute(start, "keys")) {
    // Of what has keys() Python takes the items.
    openUp(m, self, unknown(`the items of a ${start.cls.name}`));
    gap(`the items of a ${start.cls.name}`);
  } else {
    const content = itemsOrRaise(m, start);
    if (!possible(m.pc)) return;
    each(m, content, (c) => {
      for (const pair of itemsIn(c)) if (possible(m.pc)) setPair(m, self, pair);
      return NONE;
    });
  }
}

/** One of the pairs of an update. */
function setPair(m: Machine, self: Dict, pair: Value): void {
  const parts =
    pair.t === "tuple"
      ? pair.items
      : pair.t === "list" && !pair.pending && pair.content.t === "tuple"
        ? pair.content.items
        : null;
  const open = parts?.some((x) => x.t === "unknown" && x.splat) || (pair.t === "unknown" && pair.splat);
  if (parts?.length === 2 && !open) {
    dictSet(m, self, parts[0] as Value, parts[1] as Value);
    return;
  }
  if (pair.t === "str" && [...pair.v].length === 2) {
    const [k = "", v = ""] = [...pair.v];
    dictSet(m, self, str(k), str(v));
    return;
  }
  if (!open && (parts || pair.t === "str"))
    raise(m, "ValueError", "dictionary update sequence element has not 2 items");
  if (pair.t === "num" || pair.t === "none" || pair.t === "bool")
    raiseProven(m, isNoIterable(pair), "TypeError", "cannot convert dictionary update sequence element");
  openUp(m, self, unknown("an update that is not known"));
  if (!open) gap("an update that is not known");
}

function writePresent(m: Machine, self: Dict, k: string, v: Value): void {
  const here = narrow(m, v);
  const there = toCondition(here, (o) => o.t !== "missing");
  if (!possible(there)) return;
  const old = self.scope.slots.get(k) ?? MISSING;
  write(m, self.scope, k, ite(there, here, old));
}

/** A dict from constant keys. */
export function dictOf(m: Machine, entries: Iterable<readonly [string, Value]>): Dict {
  const d = dict(m.pc);
  for (const [k, v] of entries) d.scope.slots.set(k, v);
  return d;
}
