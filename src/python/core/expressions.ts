import { getAttribute } from "../builtins/attributes.ts";
import { isGuarded, mayRaise, pure } from "../logic/apply.ts";
import { and, ite, leaves, not, or, possible, toCondition } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { step } from "../logic/steps.ts";
import type { Value } from "../logic/values.ts";
import {
  bool,
  dict,
  ELLIPSIS,
  FALSE,
  itemsIn,
  list,
  NONE,
  nextId,
  num,
  str,
  TRUE,
  tuple,
  unknown,
} from "../logic/values.ts";
import { narrow, simplified } from "../logic/worlds.ts";
import { formatted } from "../objects/formats.ts";
import { getItem } from "../objects/items.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { appendWhere } from "../objects/list-content.ts";
import { dictSet, updateFrom } from "../objects/methods/dicts.ts";
import { unary } from "../objects/operators/binary.ts";
import { compareObjects, interestedIn, operate, truthOf } from "../objects/operators/by-method.ts";
import { unique } from "../objects/operators/set-operations.ts";
import { reading } from "../objects/reads.ts";
import { concat, toRepr, toText } from "../objects/text.ts";
import { castRead } from "../outside/variables.ts";
import { constantKind, type Expr, hasNamedCharacter } from "../source/parse.ts";
import { assign } from "./assign.ts";
import { call } from "./call-expressions.ts";
import { comprehension, dictComprehension } from "./comprehensions.ts";
import { makeFunction } from "./functions.ts";
import { lookup } from "./lookup.ts";

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
  const over = evaluate(m, (first as { iter: Expr }).iter);
  const source = itemsOrRaise(m, over);
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
  return reading({ ...list([], m.pc), kind: "generator", once: true, pending }, [over]);
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
