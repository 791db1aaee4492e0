import { and, or, toCondition } from "../python/logic/decide.ts";
import type { Obj, Value } from "../python/logic/values.ts";
import { FALSE } from "../python/logic/values.ts";
import { SITE } from "../python/outside/project-files.ts";
import { elements, holds, type Judge, setting, within } from "./judge.ts";
import { isOwn } from "./verdict.ts";

/** What several families of rules ask in the same words. */

/** Was this text given to us as the value of a variable? Then it is no literal of the repository. */
export function given(j: Judge, v: Value): boolean {
  return v.t === "str" && Object.values(j.input.environment ?? {}).includes(v.v);
}

/** A text of the repository itself: the same in every world, and not one that this run was given. */
export function isLiteral(j: Judge, v: Value): boolean {
  return v.t === "str" && v.v !== "" && !given(j, v);
}

/** The condition that a value is a text (or a path) that fits. */
export function textHolds(j: Judge, v: Value, test: (text: string) => boolean, question: string): Value {
  return holds(j, v, (o) => (o.t === "str" || o.t === "path") && test(o.v), question);
}

export const isMissing = (j: Judge, v: Value): Value => holds(j, v, (o) => o.t === "missing", "is missing");

/** The condition that some text of a list fits. */
export function someText(j: Judge, v: Value, test: (text: string) => boolean): Value {
  let any: Value = FALSE;
  for (const { item, when } of elements(j, v)) if (item.t === "str" && test(item.v)) any = or(any, when);
  return any;
}

/** The texts of a list that may be in it, each with its condition. */
export function texts(j: Judge, v: Value): { text: string; when: Value }[] {
  return elements(j, v).flatMap(({ item, when }) => (item.t === "str" ? [{ text: item.v, when }] : []));
}

/** How a message names an element: `the entry 'x'` where it is the project's own, `an entry` where we only tried it. */
export function named(j: Judge, what: string, item: Obj, when: Value): string {
  if (item.t === "str" && isOwn(j.evaluation, when)) return `the ${what} '${item.v}'`;
  return `${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
}

/** The project's own entries of a dictionary that may be there: its keys, what stands under them, and when. */
export function entries(j: Judge, v: Value): { key: string; value: Value; when: Value }[] {
  return entriesOf(j, v).filter(({ when }) => isOwn(j.evaluation, when));
}

function entriesOf(j: Judge, v: Value): { key: string; value: Value; when: Value }[] {
  if (v.t === "choice") {
    const keys = new Set<string>();
    for (const { leaf } of casesOf(v)) if (leaf.t === "dict") for (const k of keysIn(leaf)) keys.add(k);
    return [...keys].map((key) => entry(j, v, key));
  }
  return v.t === "dict" ? keysIn(v).map((key) => entry(j, v, key)) : [];
}

function entry(j: Judge, v: Value, key: string): { key: string; value: Value; when: Value } {
  const value = within(j, v, key);
  return { key, value, when: toCondition(value, (o) => o.t !== "missing") };
}

const keysIn = (o: Obj): string[] =>
  o.t === "dict" ? [...o.scope.slots.keys()].filter((k) => k[0] !== "\0") : [];

function casesOf(v: Value): { leaf: Obj }[] {
  if (v.t !== "choice") return [{ leaf: v }];
  return v.edges.flatMap((e) => casesOf(e.to)).slice(0, 50);
}

/** A setting's entries under the conditions that they are there and something holds of them. */
export function eachOf(
  j: Judge,
  name: string,
  test: (value: Value, key: string) => Value,
): { key: string; when: Value }[] {
  return entries(j, setting(j, name)).map(({ key, value, when }) => ({
    key,
    when: and(when, test(value, key)),
  }));
}

/** The path below the repository's top of an absolute path that settings computed; null outside. */
export function belowTop(path: string): string | null {
  if (path === SITE) return "";
  return path.startsWith(`${SITE}/`) ? path.slice(SITE.length + 1).replace(/\/+$/, "") : null;
}

/** `inner` is `outer` or lies in it. */
export function isInside(inner: string, outer: string): boolean {
  const [a, b] = [inner, outer].map((p) => p.replace(/\/+$/, "")) as [string, string];
  return a === b || a.startsWith(`${b}/`);
}
