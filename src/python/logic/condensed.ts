import { always, and, cases, leaves, or, support } from "./decide.ts";
import { idOf } from "./unique.ts";
import type { Choice, Tuple, Unknown, Value } from "./values.ts";
import { tuple, unknown } from "./values.ts";

/** An element of a sequence, and the worlds in which it is there. */
export interface Maybe {
  item: Value;
  when: Value;
}

/**
 * A choice between many sequences as one: flags that each add an element make as many sequences as there are
 * combinations, but only one element each. Elements that are not always there become a splat that says which they
 * are, so that who does not ask sees something unknown. Null where the sequences have no common order.
 */
export function condensed(v: Choice): Tuple | null {
  const known = new Map<string, Maybe & { before: Set<string> }>();
  for (const { leaf, when } of cases(v)) {
    if (leaf.t !== "tuple") return null;
    const times = new Map<number, number>();
    let last: string | null = null;
    for (const own of flat(leaf.items, when)) {
      if (!own) return null;
      const id = idOf(own.item);
      const nth = times.get(id) ?? 0;
      times.set(id, nth + 1);
      const key = `${id}#${nth}`;
      const one = known.get(key) ?? { ...own, before: new Set() };
      one.when = known.has(key) ? or(one.when, own.when) : own.when;
      if (last !== null) one.before.add(last);
      known.set(key, one);
      last = key;
    }
  }
  const all = ordered(known);
  return all && tuple(grouped(all, support(v)));
}

/** What is looped over: of many sequences, each element once and not once for each of them. */
export function compact(v: Value): Value {
  return v.t === "choice" && leaves(v).length > 8 ? (condensed(v) ?? v) : v;
}

/** Elements so that each comes after those that it follows somewhere; null where they go round in a circle. */
function ordered(known: Map<string, Maybe & { before: Set<string> }>): Maybe[] | null {
  const out: Maybe[] = [];
  const left = new Map(known);
  while (left.size > 0) {
    const next = [...left].find(([, one]) => [...one.before].every((key) => !left.has(key)));
    if (!next) return null;
    left.delete(next[0]);
    out.push({ item: next[1].item, when: next[1].when });
  }
  return out;
}

/** Elements with what is said of them; null stands for any number of elements that nobody knows. */
function flat(items: Value[], when: Value): (Maybe | null)[] {
  return items.flatMap((item): (Maybe | null)[] => {
    if (item.t !== "unknown" || !item.splat) return [{ item, when }];
    return item.among?.map((one) => ({ item: one.item, when: and(when, one.when) })) ?? [null];
  });
}

function grouped(all: Maybe[], from: ReadonlySet<number>): Value[] {
  const out: Value[] = [];
  let run: Maybe[] = [];
  const end = (): void => {
    if (run.length > 0) out.push(splatOf(run, from));
    run = [];
  };
  for (const one of all) {
    if (!always(one.when)) run.push(one);
    else {
      end();
      out.push(one.item);
    }
  }
  end();
  return out;
}

function splatOf(among: Maybe[], from: ReadonlySet<number>): Unknown {
  return unknown("elements that depend on several variables", { splat: true, among, from });
}

/** The elements that an item of a sequence stands for, as far as they are known; null where they are not. */
export function elementsOf(item: Value): readonly Maybe[] | null {
  return item.t === "unknown" && item.splat ? (item.among ?? null) : null;
}
