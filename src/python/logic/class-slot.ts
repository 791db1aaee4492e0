import { lineage } from "./exceptions.ts";
import type { Machine } from "./machine.ts";
import { read } from "./scopes.ts";
import type { Class, Value } from "./values.ts";
import { unknown } from "./values.ts";

/** The slot of the nearest class in the lineage that has it, unknown where a base is; null when there is none. */
export function classSlot(m: Machine, cls: Class, name: string): Value | null {
  const line = lineage(cls);
  for (const c of line) {
    const slot = read(m, c.scope, name);
    if (slot.t !== "missing") return slot;
  }
  const open = line.find((c) => c.unknownBase)?.unknownBase;
  return open ? unknown(open.reason) : null;
}
