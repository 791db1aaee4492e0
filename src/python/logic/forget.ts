import { ite, leaves } from "./decide.ts";
import type { Machine } from "./machine.ts";
import { gap } from "./outcomes.ts";
import { forgetNames, forgetScope, write } from "./scopes.ts";
import type { Dict, Obj, Scope, Unknown, Value } from "./values.ts";
import { MISSING, tuple, unknown } from "./values.ts";
import { narrow, relative } from "./worlds.ts";

/**
 * Something that nobody follows was given these values: it may have changed whatever can be changed of them, or of
 * what is in them. They themselves stay what they are; nothing is certain of their content in the worlds at hand.
 */
export function forget(m: Machine, given: Iterable<Value>, reason: string): void {
  const seen = new Set<object>();
  for (const v of given) forgetOne(m, v, `${reason} may have changed it`, seen);
}

function forgetOne(m: Machine, v: Value, reason: string, seen: Set<object>): void {
  for (const here of leaves(narrow(m, v))) {
    const inner = mutable(here);
    if (inner === null || seen.has(inner)) continue;
    seen.add(inner);
    for (const part of partsOf(here)) forgetOne(m, part, reason, seen);
    forgetContent(m, here, reason);
  }
}

/** What tells an object from others, null for what cannot be changed nor holds what can. */
function mutable(o: Obj): object | null {
  switch (o.t) {
    case "dict":
    case "instance":
    case "module":
    case "class":
      return o.scope;
    case "list":
    case "set":
    case "tuple":
    case "bound":
      return o;
    default:
      return null;
  }
}

function partsOf(o: Obj): Value[] {
  if (o.t === "tuple") return o.items;
  if (o.t === "bound") return [o.self];
  if (o.t === "list" || o.t === "set") return itemsOfAll(o.content);
  if (o.t === "dict" && !o.scope.places) return [...o.scope.slots.values()];
  if (o.t === "instance" && !o.message) return [...o.scope.slots.values()];
  return [];
}

const itemsOfAll = (content: Value): Value[] =>
  leaves(content).flatMap((c) => (c.t === "tuple" ? c.items : []));

function forgetContent(m: Machine, o: Obj, reason: string): void {
  const lost = unknown(reason);
  if (o.t === "list") delete o.pending;
  if (o.t === "list" || o.t === "set")
    o.content = ite(relative(m, o.born), tuple([{ ...lost, splat: true }]), o.content);
  else if (o.t === "dict") openUp(m, o, lost, true);
  else if (o.t === "module" && !o.external) forgetScope(m, o.scope, reason);
  else if (o.t === "class" && o.scope.places) o.unknownBase ??= lost;
  else if (o.t === "instance" && o.cls.name === "_Environ") m.environment.slots.set("\0open", lost);
  else if (o.t === "instance") forgetSlots(m, o.scope, lost);
}

function forgetSlots(m: Machine, own: Scope, lost: Value): void {
  for (const name of own.slots.keys()) if (!name.startsWith("\0")) write(m, own, name, MISSING);
  own.slots.set("\0open", lost);
}

/**
 * Something unknown was put in: keys we do not see may be there, and those we see may have been replaced. Where something
 * may also have been taken out (`taken`), of no key it is known whether it is there: a missing one of an open dict says so.
 */
export function openUp(m: Machine, d: Dict, u: Unknown, taken = false): void {
  if (d.scope.places) {
    forgetScope(m, d.scope, `any setting may be overridden: ${u.reason}`);
    return;
  }
  forgetNames(m, d.scope, d.scope.slots.keys(), taken ? MISSING : u);
  d.open = u;
}

/** Something that nobody follows was called: what it was given may have changed. */
export function notFollowed(m: Machine, reason: string, args: Value[], kwargs: Map<string, Value>): never {
  forget(m, [...args, ...kwargs.values()], reason);
  return gap(reason);
}
