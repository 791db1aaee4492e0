import { choice, idOf, same } from "./unique.ts";
import type { Choice, Edge, Obj, Value } from "./values.ts";
import { FALSE, TRUE } from "./values.ts";
import { spend } from "./work.ts";

/**
 * Decision diagrams over the variables of a machine, in ascending order of variable. A condition is a diagram whose
 * leaves are True and False. Worlds that a diagram leaves out cannot happen, so nothing is said about them.
 */
const FULL = 0x7fffffff;

/** Thrown when a value would need more combinations than are worth telling apart. */
export class TooManyWorlds extends Error {}

/** Applies a function to every combination of leaves that can happen together. */
export function combine(values: Value[], leaf: (leaves: Obj[]) => Value): Value {
  const known = new Map<string, Value>();
  let left = 4000;
  const walk = (parts: Value[]): Value => {
    spend();
    let at = Number.POSITIVE_INFINITY;
    for (const v of parts) if (v.t === "choice" && v.at < at) at = v.at;
    if (at === Number.POSITIVE_INFINITY) {
      if (left-- <= 0) throw new TooManyWorlds();
      return leaf(parts as Obj[]);
    }
    const key = parts.map(idOf).join(",");
    const before = known.get(key);
    if (before) return before;
    const edges = split(parts, at).map(({ mask, picked }) => ({ mask, to: walk(picked) }));
    const made = edges.length === 0 ? (parts[0] as Value) : order(at, edges);
    known.set(key, made);
    return made;
  };
  return walk(values);
}

/** The parts of the values for each set of values of variable `at` that none of them tells apart. */
function split(values: Value[], at: number): { mask: number; picked: Value[] }[] {
  let parts: { mask: number; picked: Value[] }[] = [{ mask: FULL, picked: [] }];
  for (const v of values) {
    if (v.t !== "choice" || v.at !== at) {
      for (const p of parts) p.picked.push(v);
      continue;
    }
    const next: typeof parts = [];
    for (const p of parts)
      for (const e of v.edges)
        if (p.mask & e.mask) next.push({ mask: p.mask & e.mask, picked: [...p.picked, e.to] });
    parts = next;
  }
  return parts;
}

/** Leaf functions may give choices of their own, on any variable: put them where they belong. */
function order(at: number, edges: Edge[]): Value {
  if (edges.every((e) => e.to.t !== "choice" || e.to.at > at)) return choice(at, edges);
  let result: Value | null = null;
  for (const e of edges) result = result === null ? e.to : ite(only(at, e.mask), e.to, result);
  return result as Value;
}

/** The condition that variable `at` has one of the values in `mask`. */
export function only(at: number, mask: number): Value {
  return choice(at, [
    { mask, to: TRUE },
    { mask: FULL & ~mask, to: FALSE },
  ]);
}

const isTrue = (v: Value): boolean => v.t === "bool" && v.v;
const isFalse = (v: Value): boolean => v.t === "bool" && !v.v;

type Memo = Map<string, Value>;

/** `a` where the condition holds, `b` elsewhere. */
export function ite(c: Value, a: Value, b: Value, memo: Memo = new Map()): Value {
  if (isTrue(c)) return a;
  if (isFalse(c)) return b;
  if (same(a, b)) return a;
  spend();
  const key = `${idOf(c)},${idOf(a)},${idOf(b)}`;
  const before = memo.get(key);
  if (before) return before;
  const top = Math.min(level(c), level(a), level(b));
  const edges: Edge[] = [];
  // Where the condition leaves a world out, or a branch does in its own worlds, the world cannot happen.
  for (const ce of edgesAt(c, top)) {
    if (isTrue(ce.to)) for (const e of edgesAt(a, top)) edges.push({ mask: ce.mask & e.mask, to: e.to });
    else if (isFalse(ce.to))
      for (const e of edgesAt(b, top)) edges.push({ mask: ce.mask & e.mask, to: e.to });
    else
      for (const ea of cover(edgesAt(a, top), ce.mask))
        for (const eb of cover(edgesAt(b, top), ea.mask)) {
          if (ea.to === null && eb.to === null) continue;
          if (ea.to === null) edges.push({ mask: eb.mask, to: restrict(eb.to as Value, not(ce.to)) });
          else if (eb.to === null) edges.push({ mask: eb.mask, to: restrict(ea.to, ce.to) });
          else edges.push({ mask: eb.mask, to: ite(ce.to, ea.to, eb.to, memo) });
        }
  }
  const made = choice(top, edges);
  memo.set(key, made);
  return made;
}

const level = (v: Value): number => (v.t === "choice" ? v.at : Number.POSITIVE_INFINITY);

function edgesAt(v: Value, at: number): Edge[] {
  return v.t === "choice" && v.at === at ? v.edges : [{ mask: FULL, to: v }];
}

/** The edges within `mask`, and one to null for what they leave out. */
function cover(edges: Edge[], mask: number): { mask: number; to: Value | null }[] {
  const out: { mask: number; to: Value | null }[] = [];
  let left = mask;
  for (const e of edges) {
    if (!(e.mask & mask)) continue;
    out.push({ mask: e.mask & mask, to: e.to });
    left &= ~e.mask;
  }
  if (left) out.push({ mask: left, to: null });
  return out;
}

export function not(c: Value): Value {
  return toCondition(c, (o) => !(o.t === "bool" && o.v));
}

export function and(a: Value, b: Value): Value {
  if (isTrue(a)) return b;
  if (isTrue(b)) return a;
  if (isFalse(a) || isFalse(b)) return FALSE;
  return a === b ? a : ite(a, b, FALSE);
}

export function or(a: Value, b: Value): Value {
  if (isFalse(a)) return b;
  if (isFalse(b)) return a;
  if (isTrue(a) || isTrue(b)) return TRUE;
  return a === b ? a : ite(a, TRUE, b);
}

/** The value with everything left out that can only be where the condition is false. */
export function restrict(v: Value, c: Value, memo: Memo = new Map()): Value {
  if (v.t !== "choice" || c.t !== "choice") return v;
  spend();
  const key = `${v.id},${c.id}`;
  const before = memo.get(key);
  if (before) return before;
  let made: Value;
  if (c.at < v.at) made = restrict(v, forget(c), memo);
  else {
    const edges: Edge[] = [];
    for (const ve of v.edges)
      for (const ce of edgesAt(c, v.at)) {
        const mask = ve.mask & ce.mask;
        if (mask && !isFalse(ce.to)) edges.push({ mask, to: restrict(ve.to, ce.to, memo) });
      }
    made = edges.length === 0 ? v : choice(v.at, edges);
  }
  memo.set(key, made);
  return made;
}

/** The value without the edges that `allowed` rules out for their variable alone. */
export function prune(v: Value, allowed: ReadonlyMap<number, number>): Value {
  if (v.t !== "choice" || allowed.size === 0) return v;
  const known = new Map<number, Value>();
  const walk = (x: Value): Value => {
    if (x.t !== "choice") return x;
    const before = known.get(x.id);
    if (before) return before;
    spend();
    const mask = allowed.get(x.at) ?? FULL;
    const edges = x.edges.flatMap((e) => (e.mask & mask ? [{ mask: e.mask & mask, to: walk(e.to) }] : []));
    const made = edges.length === 0 ? x : choice(x.at, edges);
    known.set(x.id, made);
    return made;
  };
  return walk(v);
}

/** The only variable a condition is about, with the values for which it holds; null when it is about more. */
export function single(c: Value): { at: number; mask: number } | null {
  if (c.t !== "choice" || c.edges.some((e) => e.to.t === "choice")) return null;
  return { at: c.at, mask: c.edges.reduce((mask, e) => (isTrue(e.to) ? mask | e.mask : mask), 0) };
}

/** The condition that holds where the given one does for some value of its first variable. */
function forget(c: Choice): Value {
  let out: Value = FALSE;
  for (const e of c.edges) out = either(out, e.to);
  return out;
}

/** The condition that holds where the given one does for some values of the variables that are `gone`. */
export function without(c: Value, gone: (at: number) => boolean): Value {
  const known = new Map<number, Value>();
  const walk = (x: Value): Value => {
    if (x.t !== "choice") return x;
    const before = known.get(x.id);
    if (before) return before;
    spend();
    const edges = x.edges.map((e) => ({ mask: e.mask, to: walk(e.to) }));
    const made = gone(x.at) ? edges.reduce<Value>((any, e) => either(any, e.to), FALSE) : choice(x.at, edges);
    known.set(x.id, made);
    return made;
  };
  return walk(c);
}

/**
 * As `or`, of conditions that speak of different worlds: one that the first leaves out cannot happen there, and may
 * where the second holds. `or` would be free to say that it holds there.
 */
function either(a: Value, b: Value, memo: Memo = new Map()): Value {
  if (isFalse(a) || isTrue(b)) return b;
  if (isFalse(b) || isTrue(a) || a === b) return a;
  spend();
  const key = `${idOf(a)},${idOf(b)}`;
  const before = memo.get(key);
  if (before) return before;
  const top = Math.min(level(a), level(b));
  const edges: Edge[] = [];
  for (const ea of cover(edgesAt(a, top), FULL))
    for (const eb of cover(edgesAt(b, top), ea.mask)) {
      const to = ea.to && eb.to ? either(ea.to, eb.to, memo) : (ea.to ?? eb.to);
      if (to) edges.push({ mask: eb.mask, to });
    }
  const made = choice(top, edges);
  memo.set(key, made);
  return made;
}

export const possible = (c: Value): boolean => !isFalse(c);
export const always = isTrue;

/** Every choice and leaf of a diagram, each once. */
function visit(v: Value, seen: Set<number>, leaf: (o: Obj) => void, node: (c: Choice) => void): void {
  const id = idOf(v);
  if (seen.has(id)) return;
  spend();
  seen.add(id);
  if (v.t !== "choice") {
    leaf(v);
    return;
  }
  node(v);
  for (const e of v.edges) visit(e.to, seen, leaf, node);
}

export function leaves(v: Value): Obj[] {
  if (v.t !== "choice") return [v];
  const found: Obj[] = [];
  visit(
    v,
    new Set(),
    (o) => found.push(o),
    () => undefined,
  );
  return found;
}

/** How many choices and leaves a diagram has. */
export function sizeOf(v: Value): number {
  const seen = new Set<number>();
  const nothing = (): void => undefined;
  visit(v, seen, nothing, nothing);
  return seen.size;
}

/** Each leaf with the condition under which it is the one. */
export function cases(v: Value): { leaf: Obj; when: Value }[] {
  if (v.t !== "choice") return [{ leaf: v, when: TRUE }];
  return leaves(v).map((leaf) => ({ leaf, when: toCondition(v, (o) => same(o, leaf)) }));
}

/** The value with each leaf made into another, which may be a choice. */
export const mapped = (v: Value, leaf: (o: Obj) => Value): Value => rebuilt(v, leaf, order);

/** Maps leaves to True and False. */
export const toCondition = (v: Value, test: (leaf: Obj) => boolean): Value =>
  rebuilt(v, (o) => (test(o) ? TRUE : FALSE), choice);

/** Makes the leaves anew, each once, and puts them together by `join` as they stood. */
function rebuilt(v: Value, leaf: (o: Obj) => Value, join: (at: number, edges: Edge[]) => Value): Value {
  const known = new Map<number, Value>();
  const walk = (x: Value): Value => {
    if (x.t !== "choice") return leaf(x);
    const before = known.get(x.id);
    if (before) return before;
    spend();
    const made = join(
      x.at,
      x.edges.map((e) => ({ mask: e.mask, to: walk(e.to) })),
    );
    known.set(x.id, made);
    return made;
  };
  return walk(v);
}

const supports = new WeakMap<Choice, ReadonlySet<number>>();
const NOTHING: ReadonlySet<number> = new Set();

/** The variables a value depends on. */
export function support(v: Value): ReadonlySet<number> {
  if (v.t !== "choice") return NOTHING;
  let found = supports.get(v);
  if (!found) {
    const all = new Set([v.at]);
    for (const e of v.edges) for (const at of support(e.to)) all.add(at);
    found = all;
    supports.set(v, found);
  }
  return found;
}

export { same } from "./unique.ts";
