import { each } from "../logic/apply.ts";
import { type Machine, note } from "../logic/machine.ts";
import { raise } from "../logic/outcomes.ts";
import type { Frame, Value } from "../logic/values.ts";
import { NONE, unknown } from "../logic/values.ts";
import { hostMaySet } from "../outside/host-settings.ts";
import { parseModule } from "../source/parse.ts";

/** `exec(text)` and `eval(text)`: the text of a project's file or a constant is followed, anything else is not. */
export function executeText(
  m: Machine,
  code: Value,
  globals: Value | undefined,
  how: "exec" | "eval",
): Value {
  return each(m, code, (o) => {
    if (o.t !== "str" && o.t !== "bytes") {
      note(m, "exec", how);
      if (how === "exec") hostMaySet(m, "what exec() runs");
      if (how === "exec")
        m.frame.module.scope.slots.set("\0open", unknown("exec() of a text that is not known"));
      return how === "exec" ? NONE : unknown("eval() of a text that is not known");
    }
    const parsed = parseModule(how === "eval" ? o.v.trim() : o.v);
    if (parsed.problems.length > 0)
      return raise(m, "SyntaxError", parsed.problems[0]?.message ?? "invalid syntax");
    const { frame } = m;
    const scope = globals?.t === "dict" ? globals.scope : frame.scope;
    const inner: Frame = { ...frame, scope, lines: parsed.lines, outer: new Map() };
    m.frame = inner;
    let result: Value = NONE;
    const first = parsed.body[0];
    if (how === "eval" && first?.nodeType === "Expr") result = m.core.evaluate(m, first.value);
    else m.core.execute(m, parsed.body);
    m.frame = frame;
    return result;
  });
}
