import { bounded } from "./bounded.ts";
import { always, ite } from "./decide.ts";
import { type Machine, note } from "./machine.ts";
import type { Missing, Scope, Unknown, Value } from "./values.ts";
import { MISSING, unknown } from "./values.ts";
import { narrow, relative, widened } from "./worlds.ts";

/** Assigns a name in the worlds being executed. */
export function write(m: Machine, into: Scope, name: string, v: Value): void {
  const when = relative(m, into.born);
  const old = into.slots.get(name) ?? MISSING;
  into.slots.set(name, always(when) ? v : bounded(ite(when, v, old)));
  if (into.places) {
    const place = into.places.get(name) ?? m.here;
    into.places.set(name, always(when) ? m.here : ite(when, m.here, place));
  }
}

/** The value of a name in a scope, MISSING where it is not set. */
export function read(m: Machine, from: Scope, name: string): Value {
  return narrow(m, from.slots.get(name) ?? MISSING);
}

/** Something unknown may have set any name of a scope: none of them is certain any more. */
export function forgetScope(m: Machine, into: Scope, reason: string): void {
  const lost = unknown(reason);
  note(m, "open", reason);
  const names = [...into.slots.keys()].filter((name) => /^[A-Z]/.test(name));
  forgetNames(m, into, names, lost);
  into.slots.set("\0open", lost);
}

/** Where an assignment to a name goes: the scope at hand, or that which `global` or `nonlocal` means. */
export function scopeFor(m: Machine, name: string): Scope {
  return (m.frame.outer.get(name) ?? m.frame).scope;
}

/** Makes names unknown in the worlds being executed, or in more: they are many, and each is written for itself. */
export function forgetNames(m: Machine, into: Scope, names: Iterable<string>, lost: Unknown | Missing): void {
  const { pc } = m;
  m.pc = widened(m, 8);
  for (const name of names) write(m, into, name, lost);
  m.pc = pc;
}
