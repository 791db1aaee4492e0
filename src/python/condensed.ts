import { always, and, cases, or, support } from "./decide.ts";
import { same } from "./unique.ts";
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
  const all: Maybe[] = [];
  for (const { leaf, when } of cases(v)) {
    if (leaf.t !== "tuple") return null;
    let at = 0;
    for (const own of flat(leaf.items, when)) {
      if (!own) return null;
      const found = all.findIndex((x) => same(x.item, own.item));
      const known = all[found];
      if (!known) all.splice(at++, 0, own);
      else if (found < at) return null;
      else {
        known.when = or(known.when, own.when);
        at = found + 1;
      }
    }
  }
  return tuple(grouped(all, support(v)));
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
