import { each, isGuarded } from "../logic/apply.ts";
import { isA } from "../logic/exceptions.ts";
import type { Machine } from "../logic/machine.ts";
import { makeError, unknownError } from "../logic/outcomes.ts";
import type { Value } from "../logic/values.ts";
import { NONE, TRUE, unknown } from "../logic/values.ts";
import { raiseWhere } from "../logic/worlds.ts";
import { callValue } from "../objects/calls.ts";
import { toText } from "../objects/text.ts";

/** Raises what a raise statement names: an exception, a class of exceptions, or something else. */
export function raiseValue(m: Machine, error: Value): void {
  each(m, error, (o) => {
    const made = o.t === "class" ? callValue(m, o, []) : o;
    m.raising = true;
    if (made.t === "instance" && (isA(made.cls, "BaseException") || made.cls.unknownBase))
      raiseWhere(m, TRUE, made);
    else {
      // Something unknown is raised, or a TypeError, for it is no exception.
      const text = toText(m, made);
      raiseWhere(m, TRUE, {
        ...makeError(m, "Exception", text.t === "str" ? text.v : "an exception"),
        ...(isGuarded(m) ? { cls: unknownError(unknown("what is raised is not known")).cls } : {}),
      });
    }
    m.raising = false;
    return NONE;
  });
}
