import type { Machine } from "../../logic/machine.ts";
import { gap, raise, raiseProven } from "../../logic/outcomes.ts";
import { refuses } from "../../logic/proofs.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { bool, num, typeName } from "../../logic/values.ts";

type Number_ = { v: number; float: boolean };

/** A number, or a flag seen as one. */
export const numeric = (o: Obj): Number_ | null =>
  o.t === "num" ? o : o.t === "bool" ? { v: o.v ? 1 : 0, float: false } : null;

/** A whole number that JavaScript can tell from its neighbours; others are not followed. */
export const whole = (v: number): Obj =>
  Number.isSafeInteger(v) ? num(v) : gap("a very large number", { type: "int" });

const result = (v: number, float: boolean): Obj => (float ? num(v, true) : whole(v));

/** `a OP b` of two numbers as CPython computes it. */
export function arithmetic(m: Machine, op: string, left: Obj, right: Obj): Value {
  const [a, b] = [numeric(left) as Number_, numeric(right) as Number_];
  const float = a.float || b.float;
  switch (op) {
    case "Add":
      return result(a.v + b.v, float);
    case "Sub":
      return result(a.v - b.v, float);
    case "Mult":
      return result(a.v * b.v, float);
    case "Div":
      return b.v === 0 ? raise(m, "ZeroDivisionError", "division by zero") : num(a.v / b.v, true);
    case "FloorDiv":
      if (b.v === 0) return raise(m, "ZeroDivisionError", "division by zero");
      return float ? num(floorDiv(a.v, b.v), true) : whole(Math.floor(a.v / b.v));
    case "Mod":
      if (b.v === 0) return raise(m, "ZeroDivisionError", "modulo by zero");
      return result(modulo(a.v, b.v) + 0, float);
    case "Pow":
      return power(m, a, b, float);
    default:
      return float
        ? raiseProven(
            m,
            refuses(op, left, right),
            "TypeError",
            `unsupported ${op}: '${typeName(left)}' and '${typeName(right)}'`,
          )
        : bits(m, op, a.v, b.v, left.t === "bool" && right.t === "bool");
  }
}

/** The remainder has the sign of what it is divided by. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function floorDiv(a: number, b: number): number {
  const exact = (a - modulo(a, b)) / b;
  const floor = Math.floor(exact);
  return exact - floor > 0.5 ? floor + 1 : floor;
}

function power(m: Machine, a: Number_, b: Number_, float: boolean): Value {
  if (a.v === 0 && b.v < 0) return raise(m, "ZeroDivisionError", "0.0 cannot be raised to a negative power");
  const v = a.v ** b.v;
  if (float || b.v < 0) return Number.isFinite(v) ? num(v, true) : gap("a very large power");
  return whole(v);
}

const SMALL = 0x7fffffff;

function bits(m: Machine, op: string, a: number, b: number, flags: boolean): Value {
  if (op === "LShift" || op === "RShift") {
    if (b < 0) return raise(m, "ValueError", "negative shift count");
    return op === "LShift" ? whole(a * 2 ** b) : whole(Math.floor(a / 2 ** b));
  }
  if (Math.abs(a) > SMALL || Math.abs(b) > SMALL) return gap("a large number's bits", { type: "int" });
  const v = op === "BitOr" ? a | b : op === "BitAnd" ? a & b : op === "BitXor" ? a ^ b : gap(op);
  return flags ? bool(v === 1) : num(v);
}

/** `round(v)` and `round(v, digits)`: ties go to the even neighbour, by the exact value of the double. */
export function rounded(v: number, float: boolean, digits: number | null): Obj {
  if (!float) return digits === null || digits >= 0 ? whole(v) : gap("a rounded number");
  if (!Number.isFinite(v)) return gap("a rounded number");
  const to = digits ?? 0;
  if (to < 0 || to > 20 || Math.abs(v) > 1e15) return gap("a rounded number");
  const text = fixed(v, to);
  return digits === null ? whole(Number(text)) : num(Number(text), true);
}

/** `format(v, ".Nf")` */
export function fixed(v: number, digits: number): string {
  if (Math.abs(v) >= 1e21 || digits > 40) return gap("a long number's text", { type: "str" });
  return isTie(v, digits) ? even(v, digits) : v.toFixed(digits);
}

function isTie(v: number, digits: number): boolean {
  const exact = Math.abs(v).toFixed(Math.min(100, digits + 60));
  const after = exact.slice(exact.indexOf(".") + 1 + digits);
  return /^50*$/.test(after);
}

/** Between two neighbours that are equally near: the one whose last digit is even. */
function even(v: number, digits: number): string {
  const exact = Math.abs(v).toFixed(Math.min(100, digits + 60));
  const down = exact.slice(0, exact.indexOf(".") + (digits > 0 ? 1 + digits : 0));
  const up = v.toFixed(digits).replace(/^-/, "");
  const last = Number(down.at(-1));
  const raised = (Number(down) + 10 ** -digits).toFixed(digits);
  return (v < 0 ? "-" : "") + (last % 2 === 0 ? down : up === down ? raised : up);
}
