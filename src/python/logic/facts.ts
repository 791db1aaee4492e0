import { combine, leaves, only } from "./decide.ts";
import type { Machine } from "./machine.ts";
import type { Obj, Unknown, Value } from "./values.ts";

/** A fresh fact. Its variable comes after all others, so it must be asked for once and kept. */
export function fact(m: Machine, reason: string, from: ReadonlySet<number> = new Set()): Value {
  m.variables.push({ kind: "fact", reason, from });
  return only(m.variables.length - 1, 1);
}

const factsOf = new WeakMap<Unknown, Map<string, Value>>();

/** The same question about the same unknown has the same answer. */
export function factAbout(m: Machine, u: Unknown, question: string): Value {
  const known = factsOf.get(u) ?? new Map<string, Value>();
  factsOf.set(u, known);
  let answer = known.get(question);
  if (!answer) {
    answer = fact(m, u.reason, u.from ?? new Set());
    known.set(question, answer);
  }
  return answer;
}

/** A condition that was too much to tell apart becomes a question of its own. */
export function asCondition(m: Machine, v: Value): Value {
  if (v.t === "bool") return v;
  if (v.t === "unknown") return factAbout(m, v, "holds");
  if (!leaves(v).some((o) => o.t === "unknown")) return v;
  return combine([v], ([o]) => (o?.t === "unknown" ? factAbout(m, o, "holds") : (o as Obj)));
}
