import { leaves, mapped } from "../../python/logic/decide.ts";
import {
  dict,
  FALSE,
  itemsIn,
  list,
  NONE,
  num,
  type Obj,
  str,
  TRUE,
  tuple,
  type Value,
} from "../../python/logic/values.ts";

/** A fact that djdeploy.yml states: the value of a setting, or what a list of it holds. */
export interface Assumption {
  name: string;
  /** As in djdeploy.yml: JSON, or `keeps NAME…`. */
  said: unknown;
}

export const assumptionsOf = (assume: Record<string, unknown> | undefined): Assumption[] =>
  Object.entries(assume ?? {}).map(([name, said]) => ({ name, said }));

/** What a list keeps, of `keeps django.middleware.security.SecurityMiddleware, …`; null for a value. */
export function keeps(said: unknown): string[] | null {
  const found = typeof said === "string" ? /^keeps\s+(\S.*)$/.exec(said)?.[1] : undefined;
  return found?.split(/[\s,]+/).filter(Boolean) ?? null;
}

/** A value of djdeploy.yml as Python's. */
export function objectOf(said: unknown): Obj {
  if (said === null || said === undefined) return NONE;
  if (typeof said === "boolean") return said ? TRUE : FALSE;
  if (typeof said === "number") return num(said, !Number.isInteger(said));
  if (Array.isArray(said)) return list(said.map(objectOf));
  if (typeof said !== "object") return str(String(said));
  const made = dict();
  for (const [key, v] of Object.entries(said)) made.scope.slots.set(key, objectOf(v));
  return made;
}

export const isSplat = (v: Value): boolean => v.t === "unknown" && v.splat === true && !v.among;

/** What is known of a list's content, with the stated elements where the rest of it is not known. */
function kept(content: Value, names: string[]): Value {
  return mapped(content, (o) => {
    const items = itemsIn(o);
    if (!items.some(isSplat)) return o;
    return tuple(items.flatMap((item) => (isSplat(item) ? [...names.map(str), item] : [item])));
  });
}

/** The value with what is stated in the place of what is not known; what is known stays as it is. */
export function filled(v: Value, said: unknown): Value {
  const names = keeps(said);
  return mapped(v, (o) => {
    if (o.t === "unknown") {
      if (names === null) return objectOf(said);
      return { ...list([]), content: tuple([...names.map(str), { ...o, splat: true }]) };
    }
    if (o.t !== "list" && o.t !== "set" && o.t !== "tuple") return o;
    const content = o.t === "tuple" ? o : o.content;
    const open = leaves(content).some((c) => itemsIn(c).some(isSplat));
    if (!open) return o;
    if (names === null) return objectOf(said);
    const whole = kept(content, names);
    return o.t === "tuple" ? (whole as Obj) : { ...o, content: whole };
  });
}

/** Is a part of it not known, which a statement could fill? */
export function hasGap(v: Value): boolean {
  return leaves(v).some((o) => {
    if (o.t === "unknown") return true;
    if (o.t === "tuple") return o.items.some(isSplat);
    if (o.t === "list" || o.t === "set") return leaves(o.content).some((c) => itemsIn(c).some(isSplat));
    return false;
  });
}
