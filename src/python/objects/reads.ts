import { leaves } from "../logic/decide.ts";
import type { Dict, List, Value } from "../logic/values.ts";

/** Why nobody knows what comes next. */
export const CHANGED = "a loop over what it changes";

/** What an iterator takes its items from as it goes, each as it was: a list's content, a dict's number of keys. */
export type Reads = ReadonlyMap<List | Dict, Value | number>;

/** What is read where these are iterated over, and what they read themselves. */
export function readsOf(iterables: Value[]): Reads {
  const reads = new Map<List | Dict, Value | number>();
  for (const o of iterables.flatMap((v) => leaves(v))) {
    if (o.t === "list" || o.t === "set") {
      reads.set(o, o.content);
      for (const source of o.reads?.keys() ?? []) reads.set(source, stateOf(source));
    }
    const dict = o.t === "dict" ? o : o.t === "list" ? o.of : undefined;
    if (dict) reads.set(dict, stateOf(dict));
  }
  return reads;
}

/** Whether one of them is another one now. */
export function isChanged(reads: Reads): boolean {
  return [...reads].some(([source, before]) => stateOf(source) !== before);
}

function stateOf(source: List | Dict): Value | number {
  return source.t === "dict" ? source.scope.slots.size : source.content;
}
