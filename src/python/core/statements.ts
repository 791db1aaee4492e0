import { deleteAttribute } from "../builtins/set-attributes.ts";
import { attempt, each } from "../logic/apply.ts";
import { and, not, or, possible } from "../logic/decide.ts";
import { at, type Machine } from "../logic/machine.ts";
import { makeError, NotModelled } from "../logic/outcomes.ts";
import { scopeFor, write } from "../logic/scopes.ts";
import { step } from "../logic/steps.ts";
import type { Frame, Value } from "../logic/values.ts";
import { dict, FALSE, MISSING, NONE, str, tuple } from "../logic/values.ts";
import { raiseWhere, simplified, widened } from "../logic/worlds.ts";
import { deleteItem, getItem, setItem } from "../objects/items.ts";
import { inPlace, truthOf } from "../objects/operators/by-method.ts";
import { leave } from "../objects/run-function.ts";
import type { Expr, Stmt } from "../source/parse.ts";
import { assign, touch } from "./assign.ts";
import { defineClass, defineFunction } from "./definitions.ts";
import { doubt, evaluate } from "./expressions.ts";
import { importFrom, importPlain } from "./imports/statements.ts";
import { lookup } from "./lookup.ts";
import { assignedNames, executeFor, executeWhile } from "./loops.ts";
import { matches } from "./patterns.ts";
import { raiseValue } from "./raising.ts";
import { executeTry, reraise, withHandler } from "./tries.ts";
import { enter, leaving } from "./with.ts";

/** Executes statements in order, while there are worlds left to execute them. */
export function execute(m: Machine, body: Stmt[]): void {
  for (const node of body) {
    if (!possible(m.pc)) return;
    step(m);
    m.statement++;
    at(m, node);
    if (m.loose > 0) m.pc = widened(m);
    attempt(m, () => {
      executeOne(m, node);
      return NONE;
    });
  }
}

/** A statement that is not followed may have given its names any value. */
function executeOne(m: Machine, node: Stmt): void {
  try {
    executeKind(m, node);
  } catch (e) {
    if (e instanceof NotModelled)
      for (const name of assignedNames([node])) write(m, scopeFor(m, name), name, e.as);
    throw e;
  }
}

function executeKind(m: Machine, node: Stmt): void {
  switch (node.nodeType) {
    case "Expr":
      evaluate(m, node.value);
      return;
    case "Assign": {
      const v = evaluate(m, node.value);
      at(m, node);
      if (possible(m.pc)) for (const target of node.targets) assign(m, target, v);
      return;
    }
    case "AnnAssign":
      if (m.frame.isClass && node.target.nodeType === "Name" && node.simple)
        annotate(m, node.target.id, node.annotation);
      if (!node.value) return;
      assign(m, node.target, evaluate(m, node.value));
      return;
    case "AugAssign":
      augmented(m, node);
      return;
    case "If":
      executeIf(m, node);
      return;
    case "For":
      executeFor(m, node);
      return;
    case "While":
      executeWhile(m, node);
      return;
    case "Try":
    case "TryStar":
      executeTry(m, node);
      return;
    case "With":
    case "AsyncWith":
      executeWith(m, node.items, node.body);
      return;
    case "Match":
      executeMatch(m, node);
      return;
    case "FunctionDef":
    case "AsyncFunctionDef":
      defineFunction(m, node);
      return;
    case "ClassDef":
      defineClass(m, node);
      return;
    case "Import":
      for (const a of node.names) importPlain(m, a);
      return;
    case "ImportFrom":
      importFrom(m, node);
      return;
    case "Return":
      leave(m, node.value ? evaluate(m, node.value) : NONE);
      return;
    case "Raise":
      executeRaise(m, node);
      return;
    case "Assert": {
      const ok = truthOf(m, evaluate(m, node.test));
      raiseWhere(m, not(ok), makeError(m, "AssertionError", "assertion failed"));
      return;
    }
    case "Delete":
      for (const target of node.targets) remove(m, target);
      return;
    case "Global":
      for (const name of node.names) m.frame.outer.set(name, moduleFrame(m.frame));
      return;
    case "Nonlocal":
      for (const name of node.names) m.frame.outer.set(name, definingFrame(m.frame, name));
      return;
    case "Break":
    case "Continue": {
      const loop = m.loops.at(-1);
      if (loop) {
        if (node.nodeType === "Break") loop.broken = or(loop.broken, m.pc);
        else loop.continued = or(loop.continued, m.pc);
      }
      m.pc = FALSE;
      return;
    }
    default:
      return;
  }
}

function moduleFrame(frame: Frame): Frame {
  return frame.parent ? moduleFrame(frame.parent) : frame;
}

function definingFrame(frame: Frame, name: string): Frame {
  for (let f = frame.parent; f; f = f.parent) if (f.scope.slots.has(name)) return f;
  return frame;
}

function annotate(m: Machine, name: string, annotation: Expr): void {
  const slots = m.frame.scope.slots;
  const known = slots.get("__annotations__") ?? dict(m.pc);
  slots.set("__annotations__", known);
  if (known.t === "dict") known.scope.slots.set(name, str(annotationText(annotation)));
}

function annotationText(node: Expr): string {
  if (node.nodeType === "Name") return node.id;
  if (node.nodeType === "Attribute") return node.attr;
  if (node.nodeType === "Constant") return String(node.value);
  if (node.nodeType === "Subscript") return `${annotationText(node.value)}[${annotationText(node.slice)}]`;
  if (node.nodeType === "Tuple") return node.elts.map(annotationText).join(",");
  if (node.nodeType === "BinOp") return `${annotationText(node.left)}|${annotationText(node.right)}`;
  return "?";
}

function augmented(m: Machine, node: Stmt & { nodeType: "AugAssign" }): void {
  const { target } = node;
  const op = node.op.nodeType;
  const change = (old: Value): Value => {
    const by = evaluate(m, node.value);
    const made = each(m, old, (o) => inPlace(m, op, o, by));
    doubt(m, by);
    doubt(m, made);
    return made;
  };
  if (target.nodeType === "Name") {
    const v = change(lookup(m, target.id));
    if (possible(m.pc)) assign(m, target, v);
  } else if (target.nodeType === "Subscript") {
    const of = evaluate(m, target.value);
    const key = evaluate(m, target.slice);
    const v = change(getItem(m, of, key));
    if (possible(m.pc)) setItem(m, of, key, v);
    touch(m, target.value);
  } else if (target.nodeType === "Attribute") {
    const v = change(evaluate(m, target));
    if (possible(m.pc)) assign(m, target, v);
  }
}

function executeIf(m: Machine, node: Stmt & { nodeType: "If" }): void {
  const when = truthOf(m, evaluate(m, node.test));
  const start = m.pc;
  m.pc = simplified(m, and(start, when));
  execute(m, node.body);
  const after = m.pc;
  m.pc = simplified(m, and(start, not(when)));
  execute(m, node.orelse);
  m.pc = simplified(m, or(after, m.pc));
}

type WithItems = (Stmt & { nodeType: "With" })["items"];

function executeWith(m: Machine, items: WithItems, body: Stmt[]): void {
  const [first, ...rest] = items;
  if (!first) {
    execute(m, body);
    return;
  }
  const manager = evaluate(m, first.context_expr);
  if (!possible(m.pc)) return;
  const inner = (): void => executeWith(m, rest, body);
  if (manager.t === "instance" && manager.cls.name === "suppress") {
    withHandler(m, inner, manager.scope.slots.get("types") ?? tuple([]));
    return;
  }
  const entered = enter(m, manager);
  if (first.optional_vars) assign(m, first.optional_vars, entered);
  if (!possible(m.pc)) return;
  leaving(m, manager, inner);
}

function executeMatch(m: Machine, node: Stmt & { nodeType: "Match" }): void {
  const subject = evaluate(m, node.subject);
  let rest = m.pc;
  let end: Value = FALSE;
  for (const one of node.cases) {
    m.pc = rest;
    if (!possible(rest)) break;
    const fits = matches(m, one.pattern, subject);
    m.pc = simplified(m, and(rest, fits));
    let taken = fits;
    if (one.guard && possible(m.pc)) {
      const guard = truthOf(m, evaluate(m, one.guard));
      taken = and(fits, guard);
      m.pc = simplified(m, and(rest, taken));
    }
    execute(m, one.body);
    end = or(end, m.pc);
    rest = simplified(m, and(rest, not(taken)));
  }
  m.pc = simplified(m, or(end, rest));
}

function executeRaise(m: Machine, node: Stmt & { nodeType: "Raise" }): void {
  if (!node.exc) {
    reraise(m);
    return;
  }
  const error = evaluate(m, node.exc);
  if (node.cause) evaluate(m, node.cause);
  raiseValue(m, error);
}

function remove(m: Machine, target: Expr): void {
  if (target.nodeType === "Name") {
    doubt(m, lookup(m, target.id));
    if (possible(m.pc)) write(m, scopeFor(m, target.id), target.id, MISSING);
  } else if (target.nodeType === "Subscript")
    deleteItem(m, evaluate(m, target.value), evaluate(m, target.slice));
  else if (target.nodeType === "Tuple") for (const t of target.elts) remove(m, t);
  else if (target.nodeType === "Attribute") deleteAttribute(m, evaluate(m, target.value), target.attr);
}
