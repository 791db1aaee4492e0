import { moduleNames } from "../names/index.ts";
import { fact } from "./facts.ts";
import type { Machine } from "./machine.ts";
import { makeError } from "./outcomes.ts";
import type { ModuleObj } from "./values.ts";
import { raiseWhere } from "./worlds.ts";

/**
 * A name that no CPython of our tables has in a module of the standard library: another one may have it. Whoever has a
 * handler around expects that it may not be there, and both ways are followed.
 */
export function mayBeAbsent(
  m: Machine,
  module: ModuleObj,
  name: string,
  cls: "ImportError" | "AttributeError",
): void {
  const names = moduleNames(module.name);
  if (!names || names.has(name) || m.handlers.length === 0 || m.nested > 0) return;
  const reason = `whether ${module.name} of the host's Python has ${name}`;
  raiseWhere(m, fact(m, reason), makeError(m, cls, `no ${name} in ${module.name}`));
}
