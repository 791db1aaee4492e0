import { evaluate } from "./core/expressions.ts";
import { attempt } from "./logic/apply.ts";
import { restrict } from "./logic/decide.ts";
import type { Machine } from "./logic/machine.ts";
import type { Frame, ModuleObj, Value } from "./logic/values.ts";
import { FALSE, TRUE, topFrame } from "./logic/values.ts";
import { parseModule } from "./source/parse.ts";

/**
 * The value an expression would have at the end of a module of the project; null where it is
 * no expression or raises whatever the environment says. Leaves the evaluation as it was, but for variables it names.
 */
export function askModule(m: Machine, module: ModuleObj, text: string): Value | null {
  const parsed = parseModule(text);
  const [first] = parsed.body;
  if (parsed.problems.length > 0 || first?.nodeType !== "Expr") return null;
  const { frame, here, pc, handlers, depth } = m;
  const counts = [m.reads.length, m.notes.length, m.deaths.length] as const;
  const inner: Frame = topFrame(module, parsed.lines, module.file ?? "");
  const handler = { caught: [], guards: false, doubted: { statement: 0, worlds: FALSE } };
  Object.assign(m, { frame: inner, pc: TRUE, handlers: [handler] });
  const value = attempt(m, () => evaluate(m, first.value));
  const left = m.pc;
  Object.assign(m, { frame, here, pc, handlers, depth });
  [m.reads.length, m.notes.length, m.deaths.length] = counts;
  if (left.t === "bool" && !left.v) return null;
  return restrict(value, left);
}
