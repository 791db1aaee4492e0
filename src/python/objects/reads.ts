import { leaves } from "../logic/decide.ts";
import type { Dict, List, Obj, Value } from "../logic/values.ts";
import { tuple, unknown } from "../logic/values.ts";

/** Why nobody knows what comes next. */
export const CHANGED = "a loop over what it changes";

/** How far a dict counts as changed: when its keys are others, or its values too. */
type Depth = "keys" | "values";

/** What a look over iterables reads, each with a way to tell whether it is another one since. */
export type Reads = ReadonlyMap<List | Dict, () => boolean>;

/** Of what is iterated over, and of what that reads itself. */
export function readsOf(iterables: Value[], depth: Depth = "keys"): Reads {
  const reads = new Map<List | Dict, () => boolean>();
  const see = (o: Obj | List | Dict) => {
    if (o.t === "dict") reads.set(o, dictChanges(o, depth));
    else if (o.t === "list" && o.of) see(o.of);
    else if (o.t === "list" || o.t === "set") {
      const { content } = o;
      reads.set(o, () => o.content !== content);
      for (const source of o.reads?.keys() ?? []) see(source);
    }
  };
  for (const o of iterables.flatMap((v) => leaves(v))) see(o);
  return reads;
}

/** Whether one of them is another one now. */
export function isChanged(reads: Reads): boolean {
  return [...reads.values()].some((changed) => changed());
}

function dictChanges(d: Dict, depth: Depth): () => boolean {
  const { slots } = d.scope;
  const [size, values, open] = [slots.size, depth === "values" ? [...slots.values()] : [], d.open];
  return () => {
    if (slots.size !== size) return true;
    if (depth === "keys") return false;
    const now = [...slots.values()];
    return d.open !== open || values.some((value, at) => now[at] !== value);
  };
}

/**
 * Lets a list be what Python reads as it goes (an iterator, a view of a dict): once what it reads is another one, nobody
 * knows its content, whoever asks for it.
 */
export function reading(o: List, iterables: Value[], depth: Depth = "keys"): List {
  const reads = readsOf(iterables, depth);
  const lost = tuple([unknown(CHANGED, { splat: true })]);
  let { content } = o;
  return Object.defineProperty({ ...o, reads }, "content", {
    enumerable: true,
    get: () => (isChanged(reads) ? lost : content),
    set: (next: Value) => {
      content = next;
    },
  });
}
