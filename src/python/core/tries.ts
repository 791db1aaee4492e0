import { and, not, or, possible } from "../logic/decide.ts";
import { lineage } from "../logic/exceptions.ts";
import { fact } from "../logic/facts.ts";
import type { Handler, Machine } from "../logic/machine.ts";
import { isUnknownError } from "../logic/outcomes.ts";
import { scopeFor, write } from "../logic/scopes.ts";
import type { Class, Instance, Unknown, Value } from "../logic/values.ts";
import { FALSE, MISSING, TRUE } from "../logic/values.ts";
import { narrow, raiseWhere, simplified } from "../logic/worlds.ts";
import { dottedName, type Stmt } from "../source/parse.ts";
import { evaluate } from "./expressions.ts";

type Try = Stmt & { nodeType: "Try" | "TryStar" };
type Caught = { when: Value; error: Instance };

/** Runs something with a handler of its own; what it raised is given back instead of going further up. */
export function catching(m: Machine, guards: boolean, run: () => void): Caught[] {
  const handler: Handler = { caught: [], guards, doubted: { statement: 0, worlds: FALSE } };
  m.handlers.push(handler);
  run();
  m.handlers.pop();
  return handler.caught;
}

/** Runs something; errors of the given types are dropped, as by contextlib.suppress. */
export function withHandler(m: Machine, run: () => void, types: Value): void {
  const caught = catching(m, true, run);
  for (const { when, error } of caught) {
    const fits = catches(m, types, error, false);
    const there = and(when, fits);
    const rest = simplified(m, or(m.pc, there));
    if (possible(and(when, not(fits)))) {
      m.pc = rest;
      pass(m, { when: and(when, not(fits)), error });
    }
    m.pc = rest;
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
  const loop = m.loops.at(-1);
  const left = { done: m.frame.done, broken: loop?.broken ?? FALSE, continued: loop?.continued ?? FALSE };
  const escaped = catching(m, false, () => executeGuarded(m, node));
  const normal = m.pc;
  // The final block runs for everyone, however they have left; who comes through it goes on where they were going.
  const done = and(m.frame.done, not(left.done));
  const broken = loop ? and(loop.broken, not(left.broken)) : FALSE;
  const continued = loop ? and(loop.continued, not(left.continued)) : FALSE;
  m.frame.done = left.done;
  if (loop) Object.assign(loop, { broken: left.broken, continued: left.continued });
  let all: Value = or(or(normal, done), or(broken, continued));
  for (const { when } of escaped) all = or(all, when);
  m.pc = simplified(m, all);
  m.core.execute(m, node.finalbody);
  const through = m.pc;
  m.frame.done = or(m.frame.done, and(through, done));
  if (loop) {
    loop.broken = or(loop.broken, and(through, broken));
    loop.continued = or(loop.continued, and(through, continued));
  }
  m.pc = simplified(m, and(through, normal));
  for (const e of escaped) pass(m, { when: and(and(e.when, start), through), error: e.error });
}

/** Handlers of imports that fail are there for a package that is missing, and see nothing else that is unknown. */
function guards(node: Try): boolean {
  const names = node.handlers.map((h) => (h.type ? dottedName(h.type) : null));
  return names.some((name) => name === null || !/^(ImportError|ModuleNotFoundError)$/.test(name));
}

function executeGuarded(m: Machine, node: Try): void {
  const caught = catching(m, node.handlers.length > 0 && guards(node), () => m.core.execute(m, node.body));
  m.core.execute(m, node.orelse);
  let end = m.pc;
  for (const found of caught) {
    let rest = found.when;
    for (const [i, handler] of node.handlers.entries()) {
      m.pc = simplified(m, rest);
      if (!possible(m.pc)) break;
      const last = i === node.handlers.length - 1;
      const fits = handler.type ? catches(m, narrow(m, evaluate(m, handler.type)), found.error, last) : TRUE;
      const taken = simplified(m, and(rest, fits));
      rest = and(rest, not(fits));
      if (!possible(taken)) continue;
      m.pc = taken;
      if (handler.name) write(m, scopeFor(m, handler.name), handler.name, found.error);
      m.current.push(found.error);
      m.core.execute(m, handler.body);
      m.current.pop();
      if (handler.name && possible(m.pc)) write(m, scopeFor(m, handler.name), handler.name, MISSING);
      end = or(end, m.pc);
    }
    m.pc = simplified(m, rest);
    if (possible(m.pc)) raiseWhere(m, rest, found.error);
  }
  m.pc = simplified(m, end);
}

/** The condition under which a handler of these types catches an exception. */
function catches(m: Machine, types: Value, error: Instance, last: boolean): Value {
  const fits = (o: Value): Value => {
    if (o.t === "tuple") return o.items.reduce<Value>((any, item) => or(any, fits(narrow(m, item))), FALSE);
    if (o.t === "class") return fitsClass(m, o, error);
    // An exception of a package that we do not know: who wrote `except` for it alone expects it.
    if (o.t === "unknown") return last ? TRUE : fact(m, o.reason);
    return fact(m, "what an except clause names");
  };
  return fits(types);
}

function fitsClass(m: Machine, cls: Class, error: Instance): Value {
  if (isUnknownError(error))
    return /^(Exception|BaseException)$/.test(cls.name)
      ? TRUE
      : fact(m, (error.cls.unknownBase as Unknown).reason);
  const line = lineage(error.cls);
  if (line.some((c) => c === cls || (c.name === cls.name && !c.scope.places && !cls.scope.places)))
    return TRUE;
  const open = line.find((c) => c.unknownBase)?.unknownBase ?? cls.unknownBase;
  return open ? fact(m, open.reason) : FALSE;
}

/** `raise` alone: the exception that is being handled. */
export function reraise(m: Machine): void {
  const error = m.current.at(-1);
  if (error) raiseWhere(m, m.pc, error);
  m.pc = FALSE;
}
