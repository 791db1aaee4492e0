import type { Evaluation } from "../python/evaluate.ts";
import { always, cases, ite, possible, restrict, support } from "../python/logic/decide.ts";
import type { Choice, Edge, Place, Value } from "../python/logic/values.ts";
import { MISSING } from "../python/logic/values.ts";
import { aliveAbout, living } from "../python/logic/worlds.ts";
import type { Certainty, Dependency } from "./types.ts";
import { valuesInWords } from "./values-in-words.ts";

export interface Verdict {
  certainty: Certainty;
  dependsOn: Dependency[];
  /** For depends: does it hold while the variables are not set? */
  whenUnset?: boolean;
  /** For depends on one variable: the values for which it holds, in words. */
  values?: string;
  /** For depends on one variable: every short text fails, it is not about a word. */
  anyShort?: boolean;
  /** For unknown: why. */
  reason?: string;
}

/** What a condition comes to over all worlds; null = it never holds: passed. */
export function verdictOf(e: Evaluation, when: Value, everywhere = false): Verdict | null {
  const here = everywhere ? when : living(e.machine, when);
  if (!possible(here)) return null;
  if (always(here)) return { certainty: "certain", dependsOn: [] };
  const { names, reason } = dependencies(e, here);
  const dependsOn = names.map((name) => dependency(e, name));
  if (reason !== null) return { certainty: "unknown", dependsOn, reason };
  const { values, anyShort } = valuesInWords(e, here);
  return {
    certainty: "depends",
    dependsOn,
    ...(values ? { values } : {}),
    ...(anyShort ? { anyShort } : {}),
    whenUnset:
      whenUnset(e, everywhere ? when : ite(aliveAbout(e.machine, support(when)), when, MISSING)) === true,
  };
}

/** The variables a condition depends on, and the reason of what is not known in it. */
function dependencies(e: Evaluation, when: Value): { names: string[]; reason: string | null } {
  const names = new Set<string>();
  let reason: string | null = null;
  const visit = (at: number): void => {
    const v = e.variables[at];
    if (v?.kind === "env") names.add(v.name);
    else if (v && v.from.size > 0) for (const x of v.from) visit(x);
    else if (v) reason ??= v.reason;
  };
  for (const at of support(when)) visit(at);
  return { names: [...names], reason };
}

function dependency(e: Evaluation, name: string): Dependency {
  const reads = e.reads.filter((r) => r.name === name);
  const read = reads.find((r) => r.default !== null) ?? reads[0];
  return { name, default: read?.default ?? null, cast: reads.find((r) => r.cast !== null)?.cast ?? null };
}

/**
 * Does it hold while nothing is set that need not be? Variables that must be set, and facts that are not known, are
 * given the benefit of the doubt. Null in worlds in which the settings do not load.
 */
function whenUnset(e: Evaluation, when: Value): boolean | null {
  if (when.t !== "choice") return when.t === "missing" ? null : always(when);
  const edge = unsetEdge(e, when);
  const unset = edge ? whenUnset(e, edge.to) : null;
  if (unset !== null) return unset;
  const others = when.edges.map((x) => whenUnset(e, x.to)).filter((x) => x !== null);
  return others.length === 0 ? null : others.every((x) => x);
}

/** The edge of a choice on a variable that holds while it is not set; none where it always is, or must be. */
export function unsetEdge(e: Evaluation, c: Choice): Edge | undefined {
  const v = e.variables[c.at];
  return v?.kind === "env" && v.values[0]?.text === null ? c.edges.find((x) => x.mask & 1) : undefined;
}

/** The value while no variable is set; null where one has to be. */
export function whileUnset(e: Evaluation, v: Value): Value | null {
  if (v.t !== "choice") return v;
  const edge = unsetEdge(e, v);
  return edge ? whileUnset(e, edge.to) : null;
}

/**
 * Is it the project's own what is there in the worlds of a condition? Only where it is there in one in which every
 * variable is unset or holds a text of the project's: else it may be made of a text that we only try.
 */
export function isOwn(e: Evaluation, when: Value): boolean {
  const here = living(e.machine, when);
  const seen = new Map<number, boolean>();
  const walk = (v: Value): boolean => {
    if (v.t !== "choice") return always(v);
    const before = seen.get(v.id);
    if (before !== undefined) return before;
    const about = e.variables[v.at];
    const own =
      about?.kind === "env"
        ? about.values.reduce((mask, { origin }, i) => (origin === "project" ? mask | (1 << i) : mask), 0)
        : 0x7fffffff;
    const found = v.edges.some((x) => (x.mask & own) !== 0 && walk(x.to));
    seen.set(v.id, found);
    return found;
  };
  return walk(here);
}

/** Where a setting was decided in the worlds in which a condition holds. */
export function placeOf(e: Evaluation, name: string, when: Value): Place | null {
  const places = e.settings.get(name)?.place;
  if (!places) return null;
  const here = living(e.machine, restrict(places, when));
  const holding = cases(here).find(({ leaf, when: there }) => leaf.t === "place" && possible(there));
  return holding?.leaf.t === "place" ? holding.leaf : null;
}
