import type { Choice, Edge, Obj, Value } from "./values.ts";
import { FALSE, TRUE } from "./values.ts";

/**
 * Decision diagrams over the variables of world.ts, in ascending order of variable. A condition is a diagram whose
 * leaves are True and False. Worlds that a diagram leaves out cannot happen, so nothing is said about them.
 */
const FULL = 0x7fffffff;

/** Are these leaves interchangeable? Only constants are; objects with an identity are equal to themselves only. */
export function sameLeaf(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.t !== b.t) return false;
  switch (a.t) {
    case "str":
    case "bytes":
    case "path":
      return a.v === (b as typeof a).v;
    case "bool":
      return a.v === (b as typeof a).v;
    case "num":
      return Object.is(a.v, (b as typeof a).v) && a.float === (b as typeof a).float;
    case "none":
    case "missing":
    case "ellipsis":
      return true;
    case "unknown":
      return a.id === (b as typeof a).id;
    case "tuple": {
      const other = b as typeof a;
      return (
        a.items.length === other.items.length && a.items.every((x, i) => same(x, other.items[i] as Value))
      );
    }
    case "place": {
      const other = b as typeof a;
      return a.file === other.file && a.line === other.line && a.column === other.column;
    }
    default:
      return false;
  }
}

export function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.t !== "choice" || b.t !== "choice") return sameLeaf(a, b);
  if (a.at !== b.at || a.edges.length !== b.edges.length) return false;
  return a.edges.every((e, i) => e.mask === b.edges[i]?.mask && same(e.to, b.edges[i].to));
}

/** A choice in its shortest form: equal branches joined, none left when they are all equal. */
export function choice(at: number, edges: Edge[]): Value {
  const joined: Edge[] = [];
  for (const edge of edges) {
    if (edge.mask === 0) continue;
    const twin = joined.find((e) => same(e.to, edge.to));
    if (twin) twin.mask |= edge.mask;
    else joined.push({ mask: edge.mask, to: edge.to });
  }
  if (joined.length === 1) return (joined[0] as Edge).to;
  joined.sort((a, b) => (a.mask & -a.mask) - (b.mask & -b.mask));
  return { t: "choice", at, edges: joined };
}

/** Applies a function to every combination of leaves that can happen together. */
export function combine(values: Value[], leaf: (leaves: Obj[]) => Value, budget = { left: 4000 }): Value {
  let at = Number.POSITIVE_INFINITY;
  for (const v of values) if (v.t === "choice" && v.at < at) at = v.at;
  if (at === Number.POSITIVE_INFINITY) {
    if (budget.left-- <= 0) throw new TooManyWorlds();
    return leaf(values as Obj[]);
  }
  const edges: Edge[] = [];
  for (const { mask, picked } of split(values, at)) edges.push({ mask, to: combine(picked, leaf, budget) });
  if (edges.length === 0) return values[0] as Value;
  return order(at, edges);
}

/** Thrown when a value would need more combinations than are worth telling apart. */
export class TooManyWorlds extends Error {}

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
  for (const e of edges) {
    const when = only(at, e.mask);
    result = result === null ? e.to : ite(when, e.to, result);
  }
  return result as Value;
}

/** The condition that variable `at` has one of the values in `mask`. */
export function only(at: number, mask: number): Value {
  if (mask === FULL) return TRUE;
  return {
    t: "choice",
    at,
    edges: [
      { mask, to: TRUE },
      { mask: FULL & ~mask, to: FALSE },
    ].sort((a, b) => (a.mask & -a.mask) - (b.mask & -b.mask)),
  };
}

const isTrue = (v: Value): boolean => v.t === "bool" && v.v;
const isFalse = (v: Value): boolean => v.t === "bool" && !v.v;

/** `a` where the condition holds, `b` elsewhere. */
export function ite(c: Value, a: Value, b: Value): Value {
  if (isTrue(c)) return a;
  if (isFalse(c)) return b;
  if (same(a, b)) return a;
  const top = Math.min(level(c), level(a), level(b));
  const edges: Edge[] = [];
  // Where the condition leaves a world out, or a branch does in its own worlds, the world cannot happen.
  const cs = edgesAt(c, top);
  for (const ce of cs) {
    if (isTrue(ce.to)) for (const e of edgesAt(a, top)) edges.push({ mask: ce.mask & e.mask, to: e.to });
    else if (isFalse(ce.to))
      for (const e of edgesAt(b, top)) edges.push({ mask: ce.mask & e.mask, to: e.to });
    else {
      for (const ea of cover(edgesAt(a, top), ce.mask))
        for (const eb of cover(edgesAt(b, top), ea.mask)) {
          if (ea.to === null && eb.to === null) continue;
          if (ea.to === null) edges.push({ mask: eb.mask, to: restrict(eb.to as Value, not(ce.to)) });
          else if (eb.to === null) edges.push({ mask: eb.mask, to: restrict(ea.to, ce.to) });
          else edges.push({ mask: eb.mask, to: ite(ce.to, ea.to, eb.to) });
        }
    }
  }
  return choice(top, edges);
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
  if (c.t === "bool") return c.v ? FALSE : TRUE;
  if (c.t !== "choice") return c;
  return { t: "choice", at: c.at, edges: c.edges.map((e) => ({ mask: e.mask, to: not(e.to) })) };
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
export function restrict(v: Value, c: Value): Value {
  if (v.t !== "choice" || c.t !== "choice") return v;
  if (c.at < v.at) return restrict(v, forget(c));
  const edges: Edge[] = [];
  for (const ve of v.edges)
    for (const ce of edgesAt(c, v.at)) {
      const mask = ve.mask & ce.mask;
      if (mask && !isFalse(ce.to)) edges.push({ mask, to: restrict(ve.to, ce.to) });
    }
  if (edges.length === 0) return v;
  return choice(v.at, edges);
}

/** The condition that holds where the given one does for some value of its first variable. */
function forget(c: Choice): Value {
  let out: Value = FALSE;
  for (const e of c.edges) out = or(out, e.to);
  return out;
}

export const possible = (c: Value): boolean => !isFalse(c);
export const always = isTrue;

/** Every leaf, each once. */
export function leaves(v: Value, into: Obj[] = []): Obj[] {
  if (v.t === "choice") for (const e of v.edges) leaves(e.to, into);
  else if (!into.some((o) => sameLeaf(o, v))) into.push(v);
  return into;
}

/** Each leaf with the condition under which it is the one. */
export function cases(v: Value): { leaf: Obj; when: Value }[] {
  if (v.t !== "choice") return [{ leaf: v, when: TRUE }];
  return leaves(v).map((leaf) => ({ leaf, when: toCondition(v, (o) => sameLeaf(o, leaf)) }));
}

/** Maps leaves to True and False. */
export function toCondition(v: Value, test: (leaf: Obj) => boolean): Value {
  if (v.t !== "choice") return test(v) ? TRUE : FALSE;
  return choice(
    v.at,
    v.edges.map((e) => ({ mask: e.mask, to: toCondition(e.to, test) })),
  );
}

/** The variables a value depends on. */
export function support(v: Value, into: Set<number> = new Set()): Set<number> {
  if (v.t === "choice") {
    into.add(v.at);
    for (const e of v.edges) support(e.to, into);
  }
  return into;
}
