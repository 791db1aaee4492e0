import { attempt, each, pure } from "./apply.ts";
import { deleteAttribute, setAttribute } from "./attributes.ts";
import { leave } from "./calls.ts";
import { and, ite, not, or, possible } from "./decide.ts";
import { defineClass, defineFunction } from "./definitions.ts";
import { doubt, evaluate } from "./expressions.ts";
import { importFrom, importPlain } from "./imports.ts";
import { deleteItem, getItem, setItem } from "./items.ts";
import { lookup } from "./lookup.ts";
import { assignedNames, executeFor, executeWhile } from "./loops.ts";
import { type Machine, step } from "./machine.ts";
import { itemsOrRaise } from "./methods/lists.ts";
import { inPlace, truthOf } from "./operator-methods.ts";
import { gap, makeError, NotModelled, raise } from "./outcomes.ts";
import type { Expr, Stmt } from "./parse.ts";
import { matches } from "./patterns.ts";
import { raiseValue } from "./raising.ts";
import { write } from "./scopes.ts";
import { executeTry, reraise, withHandler } from "./tries.ts";
import type { Frame, Scope, Value } from "./values.ts";
import { dict, FALSE, itemsIn, list, MISSING, NONE, str, tuple } from "./values.ts";
import { enter, leaving } from "./with.ts";
import { raiseWhere, simplified, widened } from "./worlds.ts";

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

/** Remembers where we are; inside modelled libraries that is where the project called them. */
export function at(m: Machine, node: { lineno: number; col_offset: number }): void {
  if (!m.frame.file.startsWith("<"))
    m.here = { t: "place", file: m.frame.file, line: node.lineno, column: node.col_offset + 1 };
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

/** Gives a value to a name, an attribute, an item, or to several by unpacking. */
export function assign(m: Machine, target: Expr, v: Value): void {
  switch (target.nodeType) {
    case "Name":
      write(m, scopeFor(m, target.id), target.id, v);
      return;
    case "Attribute":
      setAttribute(m, evaluate(m, target.value), target.attr, v);
      return;
    case "Subscript": {
      const of = evaluate(m, target.value);
      setItem(m, of, evaluate(m, target.slice), v);
      touch(m, target.value);
      return;
    }
    case "Tuple":
    case "List":
      unpack(m, target.elts, v);
      return;
    case "Starred":
      assign(m, target.value, v);
      return;
    default:
      return;
  }
}

export function scopeFor(m: Machine, name: string): Scope {
  return (m.frame.outer.get(name) ?? m.frame).scope;
}

/** A part of a setting was changed here: remember the place for messages about it. */
function touch(m: Machine, node: Expr): void {
  let base = node;
  while (base.nodeType === "Subscript" || base.nodeType === "Attribute") base = base.value;
  if (base.nodeType !== "Name") return;
  const { places } = m.frame.scope;
  const old = places?.get(base.id);
  if (places && old) places.set(base.id, ite(m.pc, m.here, old));
}

function unpack(m: Machine, targets: Expr[], v: Value): void {
  const content = itemsOrRaise(m, v);
  if (!possible(m.pc)) return;
  const star = targets.findIndex((t) => t.nodeType === "Starred");
  for (const [i, target] of targets.entries()) {
    const item = pure(m, [content], ([c]) => {
      const items = itemsIn(c);
      const open = items.find((x) => x.t === "unknown" && x.splat);
      if (open?.t === "unknown") return gap(open.reason, open.from ? { from: open.from } : {});
      if (star < 0 && items.length !== targets.length)
        return raise(
          m,
          "ValueError",
          items.length < targets.length ? "not enough values to unpack" : "too many values to unpack",
        );
      if (star >= 0 && items.length < targets.length - 1)
        return raise(m, "ValueError", "not enough values to unpack");
      const after = targets.length - star - 1;
      if (i === star) return list(items.slice(star, items.length - after), m.pc);
      return items[star >= 0 && i > star ? items.length - (targets.length - i) : i] as Value;
    });
    if (!possible(m.pc)) return;
    assign(m, target, item);
  }
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
    lookup(m, target.id);
    if (possible(m.pc)) write(m, scopeFor(m, target.id), target.id, MISSING);
  } else if (target.nodeType === "Subscript")
    deleteItem(m, evaluate(m, target.value), evaluate(m, target.slice));
  else if (target.nodeType === "Tuple") for (const t of target.elts) remove(m, t);
  else if (target.nodeType === "Attribute") deleteAttribute(m, evaluate(m, target.value), target.attr);
}
