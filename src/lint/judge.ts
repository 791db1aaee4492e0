import type { Evaluation } from "../python/evaluate.ts";
import { pure } from "../python/logic/apply.ts";
import { elementsOf } from "../python/logic/condensed.ts";
import { and, leaves, not, or, possible, restrict, toCondition } from "../python/logic/decide.ts";
import { asCondition, factAbout } from "../python/logic/facts.ts";
import type { Machine } from "../python/logic/machine.ts";
import type { Obj, Unknown, Value } from "../python/logic/values.ts";
import { bool, FALSE, itemsIn, MISSING, str, TRUE, tuple, unknown } from "../python/logic/values.ts";
import { living, narrow } from "../python/logic/worlds.ts";
import { memberOf } from "../python/objects/equality.ts";
import { contentOf } from "../python/objects/items-of.ts";
import { truth } from "../python/objects/truth.ts";
import { atLeast } from "../python/outside/django-defaults.ts";
import type { LintInput } from "./types.ts";

/** What rules ask. Conditions are diagrams over the variables: true where the finding holds. */
export interface Judge {
  m: Machine;
  evaluation: Evaluation;
  input: LintInput;
  version: string;
  /** Settings that have a value of lint.assume. */
  assumed: Set<string>;
}

export const since = (j: Judge, major: number, minor = 0): boolean => atLeast(j.version, major, minor);

/** The effective value of a setting, Django's default where it is not set. */
export function setting(j: Judge, name: string): Value {
  const own = j.evaluation.settings.get(name)?.value ?? MISSING;
  const otherwise = (): Obj => {
    if (j.evaluation.open) return unknown(j.evaluation.open.reason);
    return (j.evaluation.defaults.get(name) as Obj | undefined) ?? MISSING;
  };
  if (own.t === "missing") return otherwise();
  if (own.t !== "choice" || !leaves(own).some((o) => o.t === "missing")) return own;
  const fallback = otherwise();
  return pure(j.m, [own], ([o]) => (o?.t === "missing" ? fallback : (o as Obj)));
}

/** Is the setting given by the project, in which worlds? */
export function isSet(j: Judge, name: string): Value {
  const own = j.evaluation.settings.get(name)?.value;
  const given = own ? toCondition(narrow(j.m, own), (o) => o.t !== "missing") : FALSE;
  return j.evaluation.open && !own ? factAbout(j.m, j.evaluation.open, `sets ${name}`) : given;
}

/** The condition that a test holds; unknown values make it a question of their own. */
export function holds(j: Judge, v: Value, test: (o: Obj) => boolean | Value, question: string): Value {
  const found = pure(j.m, [v], ([o]) => {
    if (!o || o.t === "unknown") return factAbout(j.m, o as Unknown, question);
    const answer = test(o);
    return typeof answer === "boolean" ? bool(answer) : answer;
  });
  return asCondition(j.m, found);
}

export const isTruthy = (j: Judge, name: string): Value => truth(j.m, setting(j, name));

/** `settings.NAME is True`, as Django's checks ask. */
export function isExactlyTrue(j: Judge, name: string): Value {
  return pure(j.m, [setting(j, name)], ([o]) => {
    if (o?.t === "bool") return o;
    if (o?.t !== "unknown") return FALSE;
    if (o.type === undefined) return factAbout(j.m, o, "is True");
    return o.type === "bool" ? factAbout(j.m, o, "truth") : FALSE;
  });
}

/** Every element of a list or tuple setting, with the condition under which it is in; splats stay unknown. */
export function elements(j: Judge, v: Value): { item: Obj; when: Value }[] {
  const found: { item: Obj; when: Value }[] = [];
  const add = (item: Obj, when: Value): void => {
    const known = found.find((f) => f.item.t === "str" && item.t === "str" && f.item.v === item.v);
    if (known) known.when = or(known.when, when);
    else found.push({ item, when });
  };
  const whole = narrow(j.m, v);
  for (const o of leaves(whole)) {
    const here = toCondition(whole, (x) => x === o);
    const content = contentOf(o);
    if (!content) continue;
    const inside = restrict(living(j.m, content), here);
    for (const t of leaves(inside)) {
      const thereT = and(
        here,
        toCondition(inside, (x) => x === t),
      );
      for (const { item, when } of itemsIn(t).flatMap((x) => elementsOf(x) ?? [{ item: x, when: TRUE }])) {
        const inT = and(thereT, when);
        const own = restrict(narrow(j.m, item), inT);
        for (const leaf of leaves(own))
          add(
            leaf,
            and(
              inT,
              toCondition(own, (x) => x === leaf),
            ),
          );
      }
    }
  }
  return found;
}

/** `text in settings.NAME`. */
export function listed(j: Judge, name: string, text: string): Value {
  const found = pure(j.m, [setting(j, name)], ([o]) => {
    if (!o || o.t === "unknown") return factAbout(j.m, (o ?? unknown(name)) as Unknown, `has ${text}`);
    if (o.t === "str") return bool(o.v.includes(text));
    const content = contentOf(o);
    if (!content) return FALSE;
    return pure(j.m, [content], ([c]) => memberOf(j.m, str(text), itemsIn(c)));
  });
  return asCondition(j.m, found);
}

export const hasMiddleware = (j: Judge, path: string): Value => listed(j, "MIDDLEWARE", path);
export const hasApp = (j: Judge, name: string): Value => listed(j, "INSTALLED_APPS", name);

/** The items of a list that is known for certain, else null. */
export function certainItems(v: Value): Value[] | null {
  if (v.t === "tuple") return v.items;
  if ((v.t === "list" || v.t === "set") && v.content.t === "tuple") return v.content.items;
  return null;
}

/** `v["a"]["b"]…`, MISSING where a part is not there, unknown where it is not known. */
export function within(j: Judge, v: Value, ...path: string[]): Value {
  let out = v;
  for (const key of path)
    out = pure(j.m, [out], ([o]) => {
      if (o?.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
      if (o?.t !== "dict") return MISSING;
      const slot = o.scope.slots.get(key);
      if (slot)
        return pure(j.m, [slot], ([x]) =>
          x?.t === "missing" && o.open ? unknown(o.open.reason) : (x as Obj),
        );
      return o.open ? unknown(o.open.reason) : MISSING;
    });
  return out;
}

export { and, FALSE, MISSING, not, or, possible, TRUE, tuple };
