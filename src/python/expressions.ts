import { classSlot, getAttribute } from "./attributes.ts";
import { call } from "./call-expressions.ts";
import { callFunction, callValue } from "./calls.ts";
import { comprehension, dictComprehension } from "./comprehensions.ts";
import { and, ite, leaves, not, or, possible, toCondition } from "./decide.ts";
import { isBuiltinException } from "./exceptions.ts";
import { asCondition } from "./facts.ts";
import { makeFunction } from "./functions.ts";
import { getItem } from "./items.ts";
import {
  each,
  gap,
  isGuarded,
  type Machine,
  makeError,
  mayRaise,
  narrow,
  pure,
  raiseWhere,
  read,
  simplified,
  step,
} from "./machine.ts";
import { dictSet, updateFrom } from "./methods/dicts.ts";
import { appendWhere, itemsOrRaise, setContent, startAll } from "./methods/lists.ts";
import { binary, compare, unary, unique } from "./operators.ts";
import { constantKind, type Expr, hasNamedCharacter } from "./parse.ts";
import { assign } from "./statements.ts";
import { concat, formatted, toRepr, toText } from "./text.ts";
import { truth } from "./truth.ts";
import type { Frame, Func, Value } from "./values.ts";
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

/** Operations of which something unknown may be the result, or may have raised. */
const DOUBTFUL = new Set(["Attribute", "Subscript", "BinOp", "UnaryOp"]);

/** The value of an expression in the worlds being executed. */
export function evaluate(m: Machine, node: Expr): Value {
  step(m);
  const v = evaluateNode(m, node);
  if (m.handlers.length > 0 && DOUBTFUL.has(node.nodeType)) doubt(m, v);
  return v;
}

/** Where a handler sees it, what is not known may have raised. */
export function doubt(m: Machine, v: Value): void {
  if (!isGuarded(m)) return;
  const hidden = leaves(v).find((o) => o.t === "unknown" && !o.generated);
  if (hidden?.t === "unknown")
    mayRaise(
      m,
      toCondition(v, (o) => o.t === "unknown"),
      hidden,
    );
}

function evaluateNode(m: Machine, node: Expr): Value {
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
      if (node.op.nodeType === "Not") return not(truthOf(m, evaluate(m, node.operand)));
      return unary(m, node.op.nodeType, evaluate(m, node.operand));
    case "Compare":
      return comparison(m, node);
    case "IfExp":
      return branch(
        m,
        truthOf(m, evaluate(m, node.test)),
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
        node.values.map((v) =>
          v.nodeType === "Constant"
            ? hasNamedCharacter(v)
              ? constant(m, v)
              : str(String(v.value))
            : evaluate(m, v),
        ),
        (texts) => texts.join(""),
      );
    case "FormattedValue":
      return formattedValue(m, node);
    case "Lambda":
      return makeFunction(m, "<lambda>", node.args, node.body, null);
    case "ListComp":
      return { ...list([], m.pc), content: comprehension(m, node.generators, () => evaluate(m, node.elt)) };
    case "GeneratorExp":
      return generatorExpression(m, node);
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

/** What is looped over first is evaluated now, the rest when somebody asks for an item. */
function generatorExpression(m: Machine, node: Expr & { nodeType: "GeneratorExp" }): Value {
  const [first] = node.generators;
  const source = itemsOrRaise(m, evaluate(m, (first as { iter: Expr }).iter));
  const { frame } = m;
  const pending = (): Value => {
    const { frame: caller } = m;
    m.frame = frame;
    try {
      return comprehension(m, node.generators, () => evaluate(m, node.elt), source);
    } finally {
      m.frame = caller;
    }
  };
  return { ...list([], m.pc), kind: "generator", once: true, pending };
}

function constant(m: Machine, node: Expr & { nodeType: "Constant" }): Value {
  const v: unknown = node.value;
  if (v === null || v === undefined) return NONE;
  if (typeof v === "boolean") return bool(v);
  const kind = constantKind(node, m.frame.lines);
  if (kind === "ellipsis") return ELLIPSIS;
  if (kind === "bytes") return { t: "bytes", v: String(v) };
  if (hasNamedCharacter(node))
    return unknown("a text with a character by its name", { type: "str", truthy: true });
  if (typeof v === "string") return str(v);
  if (typeof v === "bigint")
    return Number.isSafeInteger(Number(v))
      ? num(Number(v))
      : unknown("a very large number", { type: "int", truthy: true });
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
    // A name that a function binds anywhere is its own everywhere.
    if (f.locals?.has(name) && !m.frame.outer.has(name)) return unbound(m, name, found);
  }
  if (fill(read(m, m.frame.module.scope, name))) return found;
  const builtin = m.builtins.get(name) ?? (isBuiltinException(name) ? m.exceptions.get(name) : undefined);
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

function unbound(m: Machine, name: string, found: Value): Value {
  const absent = toCondition(found, (o) => o.t === "missing");
  raiseWhere(m, absent, makeError(m, "UnboundLocalError", `cannot access local variable '${name}'`));
  return possible(m.pc) ? narrow(m, found) : unknown("never executed");
}

/** The truth of a value, by `__bool__` or `__len__` of a project's class where it has one. */
export function truthOf(m: Machine, v: Value): Value {
  if (!leaves(v).some((o) => o.t === "instance" && o.cls.scope.places)) return truth(m, v);
  const found = each(m, v, (o) => {
    if (o.t !== "instance") return truth(m, o);
    for (const name of ["__bool__", "__len__"]) {
      const method = classSlot(m, o.cls, name);
      if (method?.t === "func") return truth(m, callFunction(m, method, [o], new Map()));
    }
    return truth(m, o);
  });
  return asCondition(m, found);
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
  const on = truthOf(m, left);
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
    if (/^(Lt|Gt|In|NotIn)/.test(op.nodeType)) {
      doubt(m, left);
      doubt(m, right);
    }
    all = and(all, compareObjects(m, op.nodeType, left, right));
    left = right;
  }
  return all;
}

const BY_METHOD: Record<string, string> = {
  Eq: "__eq__",
  NotEq: "__eq__",
  Lt: "__lt__",
  LtE: "__le__",
  Gt: "__gt__",
  GtE: "__ge__",
};

/** A comparison, by the methods of project classes where they have them. */
function compareObjects(m: Machine, op: string, left: Value, right: Value): Value {
  if (op === "In" || op === "NotIn") return membership(m, op, left, right);
  const method = BY_METHOD[op];
  if (!method || ![...leaves(left), ...leaves(right)].some((o) => o.t === "instance"))
    return compare(m, op, left, right);
  const found = each(m, left, (a) =>
    each(m, right, (b) => {
      const own = a.t === "instance" ? classSlot(m, a.cls, method) : null;
      if (own?.t === "func") {
        const made = callFunction(m, own as Func, [a, b], new Map());
        return leaves(made).some((o) => o.t === "unknown" && o.reason === "NotImplemented")
          ? gap("NotImplemented")
          : truth(m, made);
      }
      const other = b.t === "instance" && b.cls.scope.places ? classSlot(m, b.cls, method) : null;
      if (own || other) return gap(method);
      return op === "NotEq" ? compare(m, "Eq", a, b) : compare(m, op, a, b);
    }),
  );
  const holds = asCondition(m, found);
  return op === "NotEq" ? not(holds) : holds;
}

/** `in` and `not in`, by `__contains__` where the container is an object of a project's class. */
function membership(m: Machine, op: string, item: Value, container: Value): Value {
  startAll(m, [container]);
  if (!possible(m.pc)) return FALSE;
  if (!leaves(container).some((o) => o.t === "instance")) {
    const there = compare(m, op, item, container);
    // What was looked at is gone from an iterator.
    for (const o of leaves(container))
      if (o.t === "list" && o.once)
        setContent(m, o, tuple([unknown("what is left of an iterator", { splat: true })]));
    return there;
  }
  const found = each(m, container, (o) => {
    const method = o.t === "instance" ? classSlot(m, o.cls, "__contains__") : null;
    if (o.t === "instance" && method?.t === "func")
      return truth(m, callFunction(m, method, [o, item], new Map()));
    if (method) return truth(m, callValue(m, method, [item]));
    if (o.t === "instance" && classSlot(m, o.cls, "__iter__")?.t === "func")
      return compare(m, "In", item, { ...list([], m.pc), content: itemsOrRaise(m, o) });
    return compare(m, "In", item, o);
  });
  const holds = asCondition(m, found);
  return op === "NotIn" ? not(holds) : holds;
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
  if (special && [...leaves(a), ...leaves(b)].some((o) => o.t === "instance"))
    return each(m, a, (o) =>
      each(m, b, (p) => {
        const method = o.t === "instance" ? classSlot(m, o.cls, `__${special}__`) : null;
        if (o.t === "instance" && method?.t === "func") return callFunction(m, method, [o, p], new Map());
        if (method) return callValue(m, method, [o, p]);
        const reflected = p.t === "instance" ? classSlot(m, p.cls, `__r${special}__`) : null;
        if (p.t === "instance" && reflected?.t === "func")
          return callFunction(m, reflected, [p, o], new Map());
        return binary(m, op, o, p);
      }),
    );
  return binary(m, op, a, b);
}

const SPECIAL: Record<string, string> = {
  Add: "add",
  Sub: "sub",
  Div: "truediv",
  FloorDiv: "floordiv",
  Mult: "mul",
  Pow: "pow",
  BitOr: "or",
  BitAnd: "and",
  BitXor: "xor",
  LShift: "lshift",
  RShift: "rshift",
  Mod: "mod",
  MatMult: "matmul",
};
