import { always, cases, ite, possible, restrict, support } from "../python/decide.ts";
import type { Evaluation } from "../python/evaluate.ts";
import type { Place, Value } from "../python/values.ts";
import { MISSING } from "../python/values.ts";
import type { Certainty, Dependency } from "./types.ts";

export interface Verdict {
  certainty: Certainty;
  dependsOn: Dependency[];
  /** For depends: does it hold while the variables are not set? */
  whenUnset?: boolean;
  /** For unknown: why. */
  reason?: string;
}

/** What a condition comes to over all worlds; null = it never holds: passed. */
export function verdictOf(e: Evaluation, when: Value, everywhere = false): Verdict | null {
  const here = everywhere ? when : restrict(when, e.alive);
  if (!possible(here)) return null;
  if (always(here)) return { certainty: "certain", dependsOn: [] };
  const { names, reason } = dependencies(e, here);
  const dependsOn = names.map((name) => dependency(e, name));
  if (reason !== null) return { certainty: "unknown", dependsOn, reason };
  return {
    certainty: "depends",
    dependsOn,
    whenUnset: whenUnset(e, everywhere ? when : ite(e.alive, when, MISSING)) === true,
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
  if (e.variables[when.at]?.kind === "env") {
    const edge = when.edges.find((x) => x.mask & 1);
    const unset = edge ? whenUnset(e, edge.to) : null;
    if (unset !== null) return unset;
  }
  const others = when.edges.map((x) => whenUnset(e, x.to)).filter((x) => x !== null);
  return others.length === 0 ? null : others.every((x) => x);
}

/** Where a setting was decided in the worlds in which a condition holds. */
export function placeOf(e: Evaluation, name: string, when: Value): Place | null {
  const places = e.settings.get(name)?.place;
  if (!places) return null;
  const here = restrict(restrict(places, when), e.alive);
  const holding = cases(here).find(({ leaf, when: there }) => leaf.t === "place" && possible(there));
  return holding?.leaf.t === "place" ? holding.leaf : null;
}
