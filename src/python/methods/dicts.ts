import { ite, possible, toCondition } from "../decide.ts";
import { each, forgetScope, gap, type Machine, narrow, pure, raise, raiseProven, write } from "../machine.ts";
import { copyDict } from "../operators.ts";
import { isNoIterable, isUnhashable } from "../proofs.ts";
import { itemsOf, keysOf } from "../truth.ts";
import type { Dict, Obj, Unknown, Value } from "../values.ts";
import { dict, itemsIn, keyOf, list, MISSING, NONE, native, tuple, typeName, unknown } from "../values.ts";
import { interest } from "../variables.ts";
import { appendWhere } from "./lists.ts";

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
  each(m, narrowed, (k) => {
    const name = keyOf(k);
    if (name === null) setUnknown(m, d, k);
    else write(m, d.scope, name, v);
    return NONE;
  });
}

function setUnknown(m: Machine, d: Dict, k: Obj): void {
  const proof = isUnhashable(k);
  if (proof) raiseProven(m, proof, "TypeError", `unhashable type: '${typeName(k)}'`);
  openUp(m, d, unknown("a key that is not known"));
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
      const found = dictGet(m, self, first, args.length > 1 ? () => second : null);
      if (possible(m.pc)) dictDelete(m, self, first);
      return found;
    }
    case "popitem":
      openUp(m, self, unknown("a dict that an item was taken from"));
      return unknown("an item of a dict");
    case "update":
      for (const a of args) updateFrom(m, self, a);
      for (const [k, v] of kwargs) write(m, self.scope, k, v);
      return NONE;
    case "copy":
      return copyDict(m, self);
    case "clear":
      for (const k of self.scope.slots.keys()) write(m, self.scope, k, MISSING);
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

function view(m: Machine, self: Dict, kind: string, pick: (e: { key: Obj; value: Value }) => Value): Value {
  let content: Value = tuple([]);
  for (const { key, when, value } of keysOf(self))
    content = appendWhere(m, content, when, pick({ key, value: presentPart(m, value) }));
  if (self.open)
    content = pure(m, [content], ([c]) =>
      tuple([...itemsIn(c), { ...unknown(self.open?.reason ?? ""), splat: true }]),
    );
  return { ...list([], m.pc), content, kind };
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
  const name = keyOf(narrow(m, key));
  if (name !== null) write(m, self.scope, name, MISSING);
}

/** Something unknown was put in: keys we do not see may be there, and those we see may have been replaced. */
export function openUp(m: Machine, d: Dict, u: Unknown): void {
  if (d.scope.places) {
    forgetScope(m, d.scope, u.reason);
    return;
  }
  for (const key of d.scope.slots.keys()) write(m, d.scope, key, u);
  d.open = u;
}

/** `d.update(other)`, with dicts, pairs and unknowns. */
export function updateFrom(m: Machine, self: Dict, other: Value): void {
  const start = narrow(m, other);
  if (start.t === "choice") {
    // Names that one of the sides has: each slot becomes a choice.
    pure(m, [start], ([o]) => {
      if (o?.t === "unknown") openUp(m, self, o);
      return NONE;
    });
    const merged = new Map<string, Value>();
    for (const o of eachDict(start))
      for (const [k, v] of o.dict.scope.slots) {
        const old = merged.get(k) ?? MISSING;
        merged.set(k, ite(o.when, v, old));
      }
    for (const [k, v] of merged) writePresent(m, self, k, v);
    return;
  }
  if (start.t === "dict") {
    for (const [k, v] of start.scope.slots) writePresent(m, self, k, v);
    if (start.open) openUp(m, self, start.open);
  } else if (start.t === "unknown") openUp(m, self, start);
  else {
    const content = itemsOf(m, start);
    if (content === null)
      raiseProven(m, isNoIterable(start), "TypeError", `'${typeName(start)}' object is not iterable`);
    if (content?.t !== "tuple") openUp(m, self, unknown("an update that is not known"));
    else
      for (const pair of content.items) {
        const parts =
          pair.t === "tuple"
            ? pair.items
            : pair.t === "list" && pair.content.t === "tuple"
              ? pair.content.items
              : null;
        if (parts?.length === 2) dictSet(m, self, parts[0] as Value, parts[1] as Value);
        else if (parts || (pair.t === "str" && [...pair.v].length !== 2))
          raise(m, "ValueError", "dictionary update sequence element has not 2 items");
        else if (pair.t === "num")
          raiseProven(
            m,
            isNoIterable(pair),
            "TypeError",
            "cannot convert dictionary update sequence element",
          );
        else openUp(m, self, unknown("an update that is not known"));
      }
  }
}

function eachDict(v: Value): { dict: Dict; when: Value }[] {
  const out: { dict: Dict; when: Value }[] = [];
  const seen = new Set<Dict>();
  const walk = (x: Value): void => {
    if (x.t === "choice") for (const e of x.edges) walk(e.to);
    else if (x.t === "dict" && !seen.has(x)) {
      seen.add(x);
      out.push({ dict: x, when: toCondition(v, (o) => o === x) });
    }
  };
  walk(v);
  return out;
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
