import { bounded, tooMany } from "./bounded.ts";
import {
  and,
  cases,
  combine,
  ite,
  leaves,
  mapped,
  not,
  or,
  possible,
  restrict,
  TooManyWorlds,
  toCondition,
} from "./decide.ts";
import { fact } from "./facts.ts";
import type { Handler, Machine } from "./machine.ts";
import { NotModelled, PyRaise, unknownError } from "./outcomes.ts";
import { OutOfSteps } from "./steps.ts";
import { idOf } from "./unique.ts";
import type { Instance, Obj, Unknown, Value } from "./values.ts";
import { FALSE, TRUE, unknown } from "./values.ts";
import { narrow, raiseWhere, simplified } from "./worlds.ts";

/** Each splits the worlds in two; what goes on like that, in a loop, is not followed. */
const MAX_DOUBTS = 100;

/** Applies a function without side effects to every combination of leaves; PyRaise ends those worlds. */
export function pure(m: Machine, values: Value[], fn: (leaves: Obj[]) => Value): Value {
  if (!possible(m.pc)) return unknown("never executed");
  const narrowed = values.map((v) => narrow(m, v));
  let raised = false;
  const leaf = (found: Obj[]): Value => {
    const before = found.find((o) => o.t === "raised" || o.t === "notFollowed");
    if (before) {
      raised = true;
      return before;
    }
    m.nested++;
    try {
      const made = fn(found);
      raised ||= made.t === "raised" || made.t === "notFollowed" || made.t === "choice";
      return made;
    } catch (e) {
      raised = true;
      if (e instanceof PyRaise) return { t: "raised", error: e.error };
      if (e instanceof NotModelled) return { t: "notFollowed", as: e.as };
      throw e;
    } finally {
      m.nested--;
    }
  };
  let result: Value;
  if (narrowed.every((v) => v.t !== "choice")) {
    const only = leaf(narrowed as Obj[]);
    return raised ? bounded(settle(m, only)) : only;
  }
  try {
    result = combine(narrowed, leaf);
  } catch (e) {
    if (!(e instanceof TooManyWorlds)) throw e;
    const lost = tooMany(narrowed);
    if (m.nested === 0) mayRaise(m, TRUE, lost);
    return lost;
  }
  return bounded(raised ? settle(m, result) : result);
}

/** Takes raised leaves out of a result and raises them; what is not followed becomes unknown. */
function settle(m: Machine, result: Value): Value {
  if (m.nested > 0) {
    // The worlds are those of the leaves at hand, which only the outer call knows.
    if (result.t === "raised") throw new PyRaise(result.error);
    if (result.t === "notFollowed") throw new NotModelled(result.as);
    return result;
  }
  const errors: Instance[] = [];
  const lost: Unknown[] = [];
  for (const leaf of leaves(result)) {
    if (leaf.t === "raised" && !errors.includes(leaf.error)) errors.push(leaf.error);
    if (leaf.t === "notFollowed") lost.push(leaf.as);
  }
  if (errors.length === 0 && lost.length === 0) return result;
  const fine = toCondition(result, (leaf) => leaf.t !== "raised");
  for (const error of errors)
    raiseWhere(
      m,
      toCondition(result, (leaf) => leaf.t === "raised" && leaf.error === error),
      error,
    );
  if (!possible(fine)) return unknown("never executed");
  const left = restrict(result, fine);
  if (lost.length === 0) return left;
  const first = lost[0] as Unknown;
  mayRaise(
    m,
    toCondition(left, (leaf) => leaf.t === "notFollowed"),
    first,
  );
  return combine([left], ([leaf]) => (leaf?.t === "notFollowed" ? leaf.as : (leaf as Obj)));
}

/** Is there a handler around that may catch what is raised where we do not follow? */
export const isGuarded = (m: Machine): boolean => m.handlers.some((h) => h.guards);

/**
 * What is not known may also raise something that is not known: where a handler would see it, both continuations are
 * followed. Where none does, the settings do not load in these worlds, and nothing is to be said of them.
 */
export function mayRaise(m: Machine, when: Value, what: Unknown): void {
  if (m.nested > 0 || !isGuarded(m)) return;
  const inner = m.handlers.at(-1) as Handler;
  if (inner.doubted.statement !== m.statement) inner.doubted = { statement: m.statement, worlds: FALSE };
  const hit = simplified(m, and(and(m.pc, when), not(inner.doubted.worlds)));
  if (!possible(hit)) return;
  inner.doubted.worlds = or(inner.doubted.worlds, hit);
  if (++m.doubts > MAX_DOUBTS) throw new OutOfSteps();
  raiseWhere(m, and(hit, fact(m, what.reason, what.from)), unknownError(what));
}

/** Applies a function with side effects to each leaf, in its own worlds; PyRaise ends them. */
export function each(m: Machine, v: Value, fn: (leaf: Obj) => Value): Value {
  const start = m.pc;
  if (!possible(start)) return unknown("never executed");
  const { nested } = m;
  m.nested = 0;
  try {
    return eachCase(m, narrow(m, v), fn);
  } finally {
    m.nested = nested;
  }
}

function eachCase(m: Machine, narrowed: Value, fn: (leaf: Obj) => Value): Value {
  const start = m.pc;
  if (narrowed.t !== "choice") return attempt(m, () => fn(narrowed));
  const found: { when: Value; value: Value; end: Value }[] = [];
  const values = new Map<number, Value>();
  const all = cases(narrowed);
  for (const { leaf, when } of all) {
    const begin = and(start, when);
    m.pc = begin;
    if (!possible(begin)) continue;
    const value = attempt(m, () => fn(leaf));
    if (!possible(m.pc)) continue;
    found.push({ when, value, end: m.pc });
    if (m.pc === begin) values.set(idOf(leaf), value);
  }
  // Mostly nobody has left: then nothing has to be put together world by world.
  if (values.size === all.length) {
    m.pc = start;
    return bounded(mapped(narrowed, (leaf) => values.get(idOf(leaf)) as Value));
  }
  let result: Value | null = null;
  let end: Value = FALSE;
  for (const one of found) {
    result = result === null ? one.value : ite(one.when, one.value, result);
    end = or(end, one.end);
  }
  m.pc = simplified(m, end);
  return bounded(result ?? unknown("never executed"));
}

/** Runs something that may throw a PyRaise, which then ends the current worlds, or that may not be modelled. */
export function attempt(m: Machine, fn: () => Value): Value {
  try {
    return fn();
  } catch (e) {
    // Within `pure` only the outer call knows the worlds.
    if (m.nested > 0) throw e;
    if (e instanceof NotModelled) {
      mayRaise(m, TRUE, e.as);
      return e.as;
    }
    if (!(e instanceof PyRaise)) throw e;
    raiseWhere(m, TRUE, e.error);
    return unknown("never executed");
  }
}
