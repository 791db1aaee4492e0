// Operators where objects of the project's own classes stand: by their methods, as Python asks for them.
import { each } from "../../logic/apply.ts";
import { classSlot } from "../../logic/class-slot.ts";
import { leaves, not, possible } from "../../logic/decide.ts";
import { asCondition } from "../../logic/facts.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap } from "../../logic/outcomes.ts";
import { isPythons } from "../../logic/proofs.ts";
import type { Func, Obj, Value } from "../../logic/values.ts";
import { FALSE, list, tuple, unknown } from "../../logic/values.ts";
import { interest } from "../../outside/variables.ts";
import { callMethod, callValue } from "../calls.ts";
import { itemsOrRaise, startAll } from "../iterate.ts";
import { setContent } from "../list-content.ts";
import { extend } from "../methods/lists.ts";
import { callFunction } from "../run-function.ts";
import { truth } from "../truth.ts";
import { binary } from "./binary.ts";
import { compare } from "./comparisons.ts";

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

const BY_METHOD: Record<string, string> = {
  Eq: "__eq__",
  NotEq: "__eq__",
  Lt: "__lt__",
  LtE: "__le__",
  Gt: "__gt__",
  GtE: "__ge__",
};

/** A comparison, by the methods of project classes where they have them. */
export function compareObjects(m: Machine, op: string, left: Value, right: Value): Value {
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

/** Texts that something is looked for among are worth trying as its value. */
export function interestedIn(m: Machine, left: Value, right: Value): void {
  const items = right.t === "tuple" ? right : right.t === "list" || right.t === "set" ? right.content : null;
  if (items?.t === "tuple") for (const i of items.items) if (i.t === "str") interest(m, left, i.v);
  if (right.t === "dict") for (const k of right.scope.slots.keys()) if (k[0] !== "\0") interest(m, left, k);
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

/** `o OP= by`: what can be changed is changed, for everyone who has it. */
export function inPlace(m: Machine, op: string, o: Obj, by: Value): Value {
  if (o.t === "list" && !o.kind && op === "Add") {
    extend(m, o, by);
    return o;
  }
  if (o.t === "list" && !o.kind && op === "Mult") {
    const made = operate(m, op, o, by);
    setContent(m, o, made.t === "list" ? made.content : tuple([unknown("a repetition", { splat: true })]));
    return o;
  }
  if (o.t === "dict" && op === "BitOr") {
    callMethod(m, o, "update", [by]);
    return o;
  }
  if (o.t === "set" && !o.kind && /^(BitOr|BitAnd|BitXor|Sub)$/.test(op)) {
    const made = operate(m, op, o, by);
    setContent(m, o, made.t === "set" ? made.content : tuple([unknown("a set", { splat: true })]));
    return o;
  }
  if (o.t === "instance" && !isPythons(o.cls)) {
    const method = classSlot(m, o.cls, IN_PLACE[op] ?? "");
    if (method)
      return callValue(m, { t: "bound", self: o, func: method.t === "func" ? method : gap(op) }, [by]);
  }
  return operate(m, op, o, by);
}

const IN_PLACE: Record<string, string> = {
  Add: "__iadd__",
  Sub: "__isub__",
  Mult: "__imul__",
  BitOr: "__ior__",
  BitAnd: "__iand__",
};
