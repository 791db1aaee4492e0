import {
  and,
  not,
  only,
  possible,
  prune,
  restrict,
  same,
  single,
  sizeOf,
  support,
  without,
} from "./decide.ts";
import { fact } from "./facts.ts";
import type { Machine } from "./machine.ts";
import { isUnknownError } from "./outcomes.ts";
import type { Instance, Value } from "./values.ts";
import { FALSE, TRUE } from "./values.ts";

/** What the value can be in the worlds that are being executed. */
export function narrow(m: Machine, v: Value): Value {
  if (v.t !== "choice") return v;
  return restrict(living(m, v), m.pc);
}

/** A value without the worlds in which the settings have failed. */
export function living(m: Machine, v: Value): Value {
  let out = prune(v, m.allowed);
  for (const { about, when } of m.survivors) {
    if (out.t !== "choice") return out;
    for (const at of support(out))
      if (about.has(at)) {
        out = restrict(out, when);
        break;
      }
  }
  return out;
}

/** The worlds of `when` have failed for good. */
function die(m: Machine, when: Value): void {
  const one = single(when);
  if (one) {
    const left = (m.allowed.get(one.at) ?? 0x7fffffff) & ~one.mask;
    m.allowed.set(one.at, left);
    if (left === 0) m.dead = true;
    // Else what is known of several variables speaks of values that are ruled out, and conditions stop cancelling out.
    for (const s of m.survivors) if (s.about.has(one.at)) s.when = prune(s.when, m.allowed);
    return;
  }
  let left = prune(not(when), m.allowed);
  const about = new Set(support(left));
  const apart: Machine["survivors"] = [];
  for (const s of m.survivors) {
    if (![...s.about].some((at) => about.has(at))) apart.push(s);
    else {
      left = and(left, s.when);
      for (const at of s.about) about.add(at);
    }
  }
  if (!possible(left)) m.dead = true;
  m.survivors = [...apart, { about, when: left }];
}

/**
 * The condition of not having failed, as far as it is about the given variables. That of all variables would be a
 * product of conditions that have nothing to do with each other.
 */
export function aliveAbout(m: Machine, variables: ReadonlySet<number>): Value {
  if (m.dead) return FALSE;
  let all: Value = TRUE;
  const asked = new Set(variables);
  for (const { about, when } of m.survivors)
    if ([...about].some((at) => variables.has(at))) {
      all = and(all, when);
      for (const at of about) asked.add(at);
    }
  for (const [at, mask] of m.allowed) if (asked.has(at)) all = and(all, only(at, mask));
  return all;
}

/** Raises in the worlds of `when`: to the nearest handler, or the end of these worlds. */
export function raiseWhere(m: Machine, when: Value, error: Instance): void {
  const all = and(m.pc, when);
  // The path condition says nothing about worlds that have failed before: they do not fail again.
  const hit = all.t === "choice" ? and(all, aliveAbout(m, support(all))) : all;
  if (!possible(hit)) return;
  const handler = m.handlers.at(-1);
  if (handler) handler.caught.push({ when: hit, error });
  else if (isUnknownError(error)) die(m, hit);
  else {
    m.deaths.push({ plain: m.depth === 0 && m.raising, when: hit, error, place: m.here });
    die(m, hit);
  }
  m.pc = and(m.pc, not(when));
  if (!handler) m.pc = simplified(m, m.pc);
}

/** A condition without the distinctions that only matter to worlds that have failed. */
export function simplified(m: Machine, c: Value): Value {
  if (c.t !== "choice") return m.dead ? FALSE : c;
  return m.dead ? FALSE : living(m, c);
}

const MAX_PATH = 24;

/**
 * The path condition, where it hangs on many facts that nobody knows: whether one comes here is then a fact of its own.
 * It holds in worlds enough, but those where it does not hold are left out by every branch: only for what is forgotten
 * there, and for bodies at the end of which the worlds that came in go on (loops.ts).
 */
export function widened(m: Machine, most = MAX_PATH): Value {
  const { pc } = m;
  if (pc.t !== "choice" || sizeOf(pc) <= most) return pc;
  const isFact = (at: number): boolean => m.variables[at]?.kind === "fact";
  const hidden = m.variables[[...support(pc)].find(isFact) ?? -1];
  return hidden?.kind === "fact" ? and(without(pc, isFact), fact(m, hidden.reason)) : pc;
}

/** The path condition as seen from inside the worlds where something was made. */
export function relative(m: Machine, born: Value): Value {
  if (m.pc === born) return TRUE;
  const seen = simplified(m, restrict(m.pc, born));
  return same(seen, simplified(m, born)) ? TRUE : seen;
}
