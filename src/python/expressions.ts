import { classSlot, getAttribute } from "./attributes.ts";
import { call } from "./call-expressions.ts";
import { callFunction, callValue } from "./calls.ts";
import { comprehension, dictComprehension } from "./comprehensions.ts";
import { and, ite, leaves, not, or, possible, toCondition } from "./decide.ts";
import { makeFunction } from "./functions.ts";
import { getItem } from "./items.ts";
import {
  each,
  type Machine,
  makeError,
  narrow,
  pure,
  raiseWhere,
  read,
  simplified,
  step,
} from "./machine.ts";
import { dictSet, updateFrom } from "./methods/dicts.ts";
import { appendWhere, itemsOrRaise } from "./methods/lists.ts";
import { binary, compare, unary, unique } from "./operators.ts";
import { constantKind, type Expr } from "./parse.ts";
import { assign } from "./statements.ts";
import { concat, formatted, toRepr, toText } from "./text.ts";
import { truth } from "./truth.ts";
import type { Frame, Value } from "./values.ts";
import {
  bool,
  dict,
  ELLIPSIS,
  FALSE,
  itemsIn,
  list,
  MISSING,
  NONE,
  nextId,
  num,
  str,
  TRUE,
  tuple,
  unknown,
} from "./values.ts";
import { castRead, interest } from "./variables.ts";

/** The value of an expression in the worlds being executed. */
export function evaluate(m: Machine, node: Expr): Value {
  step(m);
  switch (node.nodeType) {
    case "Constant":
      return constant(m, node);
    case "Name":
      return lookup(m, node.id);
    case "Attribute":
      return getAttribute(m, evaluate(m, node.value), node.attr);
    case "Subscript": {
      const of = evaluate(m, node.value);
      return getItem(m, of, evaluate(m, node.slice));
    }
    case "Slice": {
      const part = (e: Expr | undefined): Value => (e ? evaluate(m, e) : NONE);
      return { t: "slice", lower: part(node.lower), upper: part(node.upper), step: part(node.step) };
    }
    case "Call":
      return call(m, node);
    case "List":
      return { ...list([], m.pc), content: sequence(m, node.elts) };
    case "Tuple":
      return sequence(m, node.elts);
    case "Set":
      return {
        t: "set",
        content: pure(m, [sequence(m, node.elts)], ([c]) => unique(m, itemsIn(c))),
        born: m.pc,
        id: nextId(),
      };
    case "Dict":
      return dictionary(m, node);
    case "BoolOp":
      return boolOp(m, node.op.nodeType === "And", node.values);
    case "BinOp": {
      const left = evaluate(m, node.left);
      return operate(m, node.op.nodeType, left, evaluate(m, node.right));
    }
    case "UnaryOp":
      if (node.op.nodeType === "Not") return not(truth(m, evaluate(m, node.operand)));
      return unary(m, node.op.nodeType, evaluate(m, node.operand));
    case "Compare":
      return comparison(m, node);
    case "IfExp":
      return branch(
        m,
        truth(m, evaluate(m, node.test)),
        () => evaluate(m, node.body),
        () => evaluate(m, node.orelse),
      );
    case "NamedExpr": {
      const v = evaluate(m, node.value);
      assign(m, node.target, v);
      return v;
    }
    case "JoinedStr":
      return concat(
        m,
        // The literal parts carry no quotes of their own.
        node.values.map((v) => (v.nodeType === "Constant" ? str(String(v.value)) : evaluate(m, v))),
        (texts) => texts.join(""),
      );
    case "FormattedValue":
      return formattedValue(m, node);
    case "Lambda":
      return makeFunction(m, "<lambda>", node.args, node.body, null);
    case "ListComp":
      return { ...list([], m.pc), content: comprehension(m, node.generators, () => evaluate(m, node.elt)) };
    case "GeneratorExp":
      return { ...list([], m.pc), content: comprehension(m, node.generators, () => evaluate(m, node.elt)) };
    case "SetComp": {
      const content = comprehension(m, node.generators, () => evaluate(m, node.elt));
      return {
        t: "set",
        content: pure(m, [content], ([c]) => unique(m, itemsIn(c))),
        born: m.pc,
        id: nextId(),
      };
    }
    case "DictComp":
      return dictComprehension(m, node);
    case "Starred":
      return evaluate(m, node.value);
    case "Yield": {
      const v = node.value ? evaluate(m, node.value) : NONE;
      if (m.frame.yields) m.frame.yields.content = appendWhere(m, m.frame.yields.content, m.pc, v);
      return NONE;
    }
    case "YieldFrom": {
      const { yields } = m.frame;
      const more = itemsOrRaise(m, evaluate(m, node.value));
      if (yields)
        yields.content = pure(m, [yields.content, more], ([a, b]) => tuple([...itemsIn(a), ...itemsIn(b)]));
      return NONE;
    }
    case "Await":
      return unknown("await");
    default:
      return unknown(`${node.nodeType} is not followed`);
  }
}

function constant(m: Machine, node: Expr & { nodeType: "Constant" }): Value {
  const v: unknown = node.value;
  if (v === null || v === undefined) return NONE;
  if (typeof v === "boolean") return bool(v);
  const kind = constantKind(node, m.frame.lines);
  if (kind === "ellipsis") return ELLIPSIS;
  if (kind === "bytes") return { t: "bytes", v: String(v) };
  if (typeof v === "string") return str(v);
  if (typeof v === "bigint") return num(Number(v));
  if (typeof v === "number") return num(v, kind === "float");
  return unknown("a complex number");
}

/** A name: local, enclosing, module, built in; NameError where it is nowhere. */
export function lookup(m: Machine, name: string): Value {
  const near = m.frame.outer.size === 0 ? m.frame.scope.slots.get(name) : undefined;
  if (near && near.t !== "choice" && near.t !== "missing") return near;
  let found: Value = MISSING;
  const fill = (v: Value): boolean => {
    if (found.t === "missing") found = v;
    else if (v.t !== "missing")
      found = ite(
        toCondition(found, (o) => o.t === "missing"),
        v,
        found,
      );
    return found.t !== "choice" ? found.t !== "missing" : !leaves(found).some((o) => o.t === "missing");
  };
  const outer = m.frame.outer.get(name);
  for (let f: Frame | null = outer ?? m.frame; f; f = f.parent) {
    if (f.isClass && f !== m.frame) continue;
    if (fill(read(m, f.scope, name))) return found;
  }
  if (fill(read(m, m.frame.module.scope, name))) return found;
  const builtin = m.builtins.get(name) ?? m.exceptions.get(name);
  if (builtin && fill(builtin)) return found;
  const open = m.frame.module.scope.slots.get("\0open");
  if (open?.t === "unknown") {
    fill(open);
    return found;
  }
  if (name === "__file__" || name === "__name__") return unknown(name, { type: "str", truthy: true });
  const absent = toCondition(found, (o) => o.t === "missing");
  raiseWhere(m, absent, makeError(m, "NameError", `name '${name}' is not defined`));
  return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}

/** Evaluates either side in its own worlds and puts the results together. */
export function branch(m: Machine, when: Value, yes: () => Value, no: () => Value): Value {
  const start = m.pc;
  const then = simplified(m, and(start, when));
  const otherwise = simplified(m, and(start, not(when)));
  m.pc = then;
  const a = possible(then) ? yes() : null;
  const afterThen = m.pc;
  m.pc = possible(otherwise) ? simplified(m, otherwise) : FALSE;
  const b = possible(m.pc) ? no() : null;
  const [endA, endB] = [a === null ? FALSE : afterThen, b === null ? FALSE : m.pc];
  m.pc = simplified(m, or(endA, endB));
  if (a === null || !possible(endA)) return b ?? a ?? unknown("never executed");
  if (b === null || !possible(endB)) return a;
  return ite(when, a, b);
}

function boolOp(m: Machine, isAnd: boolean, values: Expr[]): Value {
  const [first, ...rest] = values;
  const left = evaluate(m, first as Expr);
  if (rest.length === 0 || !possible(m.pc)) return left;
  const on = truth(m, left);
  const more = (): Value => boolOp(m, isAnd, rest);
  return isAnd ? branch(m, on, more, () => narrow(m, left)) : branch(m, on, () => narrow(m, left), more);
}

function comparison(m: Machine, node: Expr & { nodeType: "Compare" }): Value {
  let left = evaluate(m, node.left);
  let all: Value = TRUE;
  for (const [i, op] of node.ops.entries()) {
    const right = evaluate(m, node.comparators[i] as Expr);
    if (op.nodeType === "In" || op.nodeType === "NotIn") interestedIn(m, left, right);
    if (node.left.nodeType === "Call") castRead(m, node.left, "compared");
    all = and(
      all,
      op.nodeType === "In" || op.nodeType === "NotIn"
        ? membership(m, op.nodeType, left, right)
        : compare(m, op.nodeType, left, right),
    );
    left = right;
  }
  return all;
}

/** `in` and `not in`, by `__contains__` where the container is an object of a project's class. */
function membership(m: Machine, op: string, item: Value, container: Value): Value {
  if (!leaves(container).some((o) => o.t === "instance")) return compare(m, op, item, container);
  const found = each(m, container, (o) => {
    const method = o.t === "instance" ? classSlot(m, o.cls, "__contains__") : null;
    if (o.t === "instance" && method?.t === "func")
      return truth(m, callFunction(m, method, [o, item], new Map()));
    if (method) return truth(m, callValue(m, method, [item]));
    return compare(m, "In", item, o);
  });
  return op === "NotIn" ? not(found) : found;
}

function interestedIn(m: Machine, left: Value, right: Value): void {
  const items = right.t === "tuple" ? right : right.t === "list" || right.t === "set" ? right.content : null;
  if (items?.t === "tuple") for (const i of items.items) if (i.t === "str") interest(m, left, i.v);
  if (right.t === "dict") for (const k of right.scope.slots.keys()) if (k[0] !== "\0") interest(m, left, k);
}

function sequence(m: Machine, elts: Expr[]): Value {
  if (!elts.some((e) => e.nodeType === "Starred")) return tuple(elts.map((e) => evaluate(m, e)));
  let content: Value = tuple([]);
  for (const e of elts) {
    const v = evaluate(m, e.nodeType === "Starred" ? e.value : e);
    const more = e.nodeType === "Starred" ? itemsOrRaise(m, v) : tuple([v]);
    content = pure(m, [content, more], ([a, b]) => tuple([...itemsIn(a), ...itemsIn(b)]));
  }
  return content;
}

function dictionary(m: Machine, node: Expr & { nodeType: "Dict" }): Value {
  const d = dict(m.pc);
  for (const [i, k] of node.keys.entries()) {
    const value = node.values[i] as Expr;
    if (k === null || k === undefined) updateFrom(m, d, evaluate(m, value));
    else {
      const key = evaluate(m, k);
      dictSet(m, d, key, evaluate(m, value));
    }
  }
  return d;
}

function formattedValue(m: Machine, node: Expr & { nodeType: "FormattedValue" }): Value {
  const v = evaluate(m, node.value);
  const shown = node.conversion === 114 ? toRepr(m, v) : node.conversion === 115 ? toText(m, v) : v;
  if (!node.format_spec) return toText(m, shown);
  return pure(m, [evaluate(m, node.format_spec)], ([spec]) =>
    spec?.t === "str" ? formatted(m, shown, spec.v) : unknown("a format"),
  );
}

/** `a OP b`, by the methods of project classes where they have them. */
export function operate(m: Machine, op: string, a: Value, b: Value): Value {
  const special = SPECIAL[op];
  if (special && leaves(a).some((o) => o.t === "instance"))
    return each(m, a, (o) => {
      const method = o.t === "instance" ? classSlot(m, o.cls, `__${special}__`) : null;
      if (o.t === "instance" && method?.t === "func") return callFunction(m, method, [o, b], new Map());
      if (method) return callValue(m, method, [o, b]);
      return binary(m, op, o, b);
    });
  return binary(m, op, a, b);
}

const SPECIAL: Record<string, string> = {
  Add: "add",
  Sub: "sub",
  Div: "truediv",
  Mult: "mul",
  BitOr: "or",
  Mod: "mod",
};
