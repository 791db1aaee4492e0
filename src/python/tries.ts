import { and, or, possible } from "./decide.ts";
import { lineage } from "./exceptions.ts";
import { evaluate } from "./expressions.ts";
import { type Machine, narrow, raiseWhere, simplified, write } from "./machine.ts";
import type { Stmt } from "./parse.ts";
import { execute } from "./statements.ts";
import type { Instance, Obj, Value } from "./values.ts";
import { FALSE } from "./values.ts";

type Try = Stmt & { nodeType: "Try" | "TryStar" };
type Caught = { when: Value; error: Instance };

/** Runs something with a handler of its own; what it raised is given back instead of going further up. */
function catching(m: Machine, run: () => void): Caught[] {
  const handler = { caught: [] as Caught[] };
  m.handlers.push(handler);
  run();
  m.handlers.pop();
  return handler.caught;
}

/** Runs something; errors of the given types are dropped, as by contextlib.suppress. */
export function withHandler(m: Machine, run: () => void, types: Value): void {
  const caught = catching(m, run);
  for (const { when, error } of caught) {
    if (catches(types, error)) m.pc = simplified(m, or(m.pc, when));
    else pass(m, { when, error });
  }
}

/** Raises again what nobody here wanted. */
function pass(m: Machine, { when, error }: Caught): void {
  const rest = m.pc;
  m.pc = when;
  raiseWhere(m, when, error);
  m.pc = simplified(m, rest);
}

export function executeTry(m: Machine, node: Try): void {
  if (node.finalbody.length === 0) {
    executeGuarded(m, node);
    return;
  }
  const start = m.pc;
  const escaped = catching(m, () => executeGuarded(m, node));
  const normal = m.pc;
  // The final block runs for everyone; worlds that have left by return are not seen by it.
  let all: Value = normal;
  for (const { when } of escaped) all = or(all, when);
  m.pc = simplified(m, all);
  execute(m, node.finalbody);
  const through = m.pc;
  m.pc = simplified(m, and(through, normal));
  for (const e of escaped) pass(m, { when: and(e.when, start), error: e.error });
}

function executeGuarded(m: Machine, node: Try): void {
  const caught = catching(m, () => execute(m, node.body));
  execute(m, node.orelse);
  let end = m.pc;
  for (const found of caught) {
    const handler = node.handlers.find((h) => {
      if (!h.type) return true;
      m.pc = found.when;
      return catches(narrow(m, evaluate(m, h.type)), found.error);
    });
    m.pc = simplified(m, found.when);
    if (!possible(m.pc)) continue;
    if (!handler) {
      raiseWhere(m, found.when, found.error);
      continue;
    }
    if (handler.name) write(m, m.frame.scope, handler.name, found.error);
    m.current.push(found.error);
    execute(m, handler.body);
    m.current.pop();
    end = or(end, m.pc);
  }
  m.pc = simplified(m, end);
}

function catches(types: Value, error: Instance): boolean {
  const fits = (o: Obj): boolean => {
    if (o.t === "tuple") return o.items.some((i) => i.t !== "choice" && fits(i));
    if (o.t === "class") return lineage(error.cls).some((c) => c === o || c.name === o.name);
    // An exception of a package that we do not know: who wrote `except` for it expects it.
    return o.t === "unknown";
  };
  return types.t === "choice" || fits(types);
}

/** `raise` alone: the exception that is being handled. */
export function reraise(m: Machine): void {
  const error = m.current.at(-1);
  if (error) raiseWhere(m, m.pc, error);
  m.pc = FALSE;
}
