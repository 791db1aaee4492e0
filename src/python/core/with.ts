import { each } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { and, not, or, possible } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { lacksAttribute } from "../logic/proofs.ts";
import type { Value } from "../logic/values.ts";
import { NONE, typeName } from "../logic/values.ts";
import { raiseWhere, simplified } from "../logic/worlds.ts";
import { callMethod } from "../objects/calls.ts";
import { truthOf } from "../objects/operators/by-method.ts";
import { callFunction } from "../objects/run-function.ts";
import { catching } from "./tries.ts";

/** What a with statement is given by `__enter__`. */
export function enter(m: Machine, manager: Value): Value {
  return each(m, manager, (o) => {
    if (o.t === "instance" && !o.cls.unknownBase) return callMethod(m, o, "__enter__", []);
    if (o.t === "instance" || o.t === "unknown") return gap(o.t === "unknown" ? o.reason : o.cls.name);
    return raiseProven(
      m,
      lacksAttribute(o, "__enter__"),
      "TypeError",
      `'${typeName(o)}' is no context manager`,
    );
  });
}

/** Runs what stands in a with statement, then `__exit__`: it may swallow what was raised. */
export function leaving(m: Machine, manager: Value, inner: () => void): void {
  const exit = manager.t === "instance" ? classSlot(m, manager.cls, "__exit__") : null;
  if (manager.t !== "instance" || exit?.t !== "func") {
    inner();
    return;
  }
  const leave = (type: Value, error: Value): Value =>
    callFunction(m, exit, [manager, type, error, NONE], new Map());
  const caught = catching(m, false, inner);
  let end = m.pc;
  if (possible(m.pc)) {
    leave(NONE, NONE);
    end = m.pc;
  }
  for (const { when, error } of caught) {
    m.pc = simplified(m, when);
    if (!possible(m.pc)) continue;
    const swallowed = truthOf(m, leave(error.cls, error));
    const after = m.pc;
    end = or(end, and(after, swallowed));
    m.pc = and(after, not(swallowed));
    if (possible(m.pc)) raiseWhere(m, m.pc, error);
  }
  m.pc = simplified(m, end);
}
