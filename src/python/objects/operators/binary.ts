import { pure } from "../../logic/apply.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raiseProven } from "../../logic/outcomes.ts";
import { lacksAttribute, refuses } from "../../logic/proofs.ts";
import type { List, Obj, Tuple, Unknown, Value } from "../../logic/values.ts";
import { dict, itemsIn, list, num, textOrBytes, tuple, typeName, unknown } from "../../logic/values.ts";
import { cleanPath, joinPath } from "../../source/paths.ts";
import { percent } from "../formats.ts";
import { contentOf } from "../items-of.ts";
import { concat } from "../text.ts";
import { arithmetic, numeric } from "./arithmetic.ts";
import { plainOf } from "./comparisons.ts";
import { mergedDict } from "./dict-copies.ts";
import { setOperation } from "./set-operations.ts";

/** `a OP b` for built-in kinds; objects of project classes are handled by the caller. */
export function binary(m: Machine, op: string, a: Value, b: Value): Value {
  return pure(m, [a, b], ([x, y]) => leafBinary(m, op, x as Obj, y as Obj));
}

function leafBinary(m: Machine, op: string, first: Obj, second: Obj): Value {
  const [a, b] = [plainOf(first), plainOf(second)];
  if (a.t === "unknown" || b.t === "unknown") return withUnknown(m, op, a, b);
  if (numeric(a) && numeric(b)) return arithmetic(m, op, a, b);
  if (op === "Mod" && a.t === "str") return percent(m, a.v, b);
  const made = ofSequences(m, op, a, b) ?? ofPaths(op, a, b);
  if (made) return made;
  if (a.t === "set" && b.t === "set" && /^(BitOr|BitAnd|BitXor|Sub)$/.test(op))
    return setOperation(m, op, a, b);
  if (op === "BitOr" && a.t === "dict" && b.t === "dict" && !a.kind && !b.kind) return mergedDict(m, a, b);
  // `str | None` in annotations and the like.
  if (op === "BitOr" && (a.t === "class" || b.t === "class")) return unknown("a type", { truthy: true });
  return raiseProven(
    m,
    refuses(op, a, b),
    "TypeError",
    `unsupported operand type(s) for ${op}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function ofSequences(m: Machine, op: string, a: Obj, b: Obj): Value | null {
  if (op === "Add") {
    if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
      return textOrBytes(a.t, a.v + b.v);
    if (a.t === "tuple" && b.t === "tuple" && !a.kind && !b.kind) return joinedItems(a.items, b.items);
    if (a.t === "list" && b.t === "list" && !a.kind && !b.kind) return joinedList(m, a.content, b.content);
  }
  if (op !== "Mult") return null;
  const [seq, times] = numeric(b) ? [a, numeric(b)] : [b, numeric(a)];
  if (!times || times.float) return null;
  return repeated(m, seq, times.v);
}

function repeated(m: Machine, seq: Obj, n: number): Value | null {
  const times = Math.max(0, n);
  if (seq.t === "str" || seq.t === "bytes")
    return seq.v.length * times > 100_000
      ? gap("a very long repetition")
      : textOrBytes(seq.t, seq.v.repeat(seq.v === "" ? 1 : times));
  if ((seq.t !== "tuple" && seq.t !== "list") || seq.kind) return null;
  const many = pure(m, [contentOf(seq) as Value], ([c]) => {
    const items = itemsIn(c);
    return items.length * times > 10_000
      ? gap("a very long repetition")
      : tuple(items.length === 0 ? [] : Array(times).fill(items).flat());
  });
  return seq.t === "tuple"
    ? many
    : { ...list([], m.pc), content: many.t === "unknown" ? tuple([{ ...many, splat: true }]) : many };
}

function ofPaths(op: string, a: Obj, b: Obj): Value | null {
  if (op !== "Div" || (a.t !== "path" && b.t !== "path")) return null;
  if (!(a.t === "path" || a.t === "str") || !(b.t === "path" || b.t === "str")) return null;
  return { t: "path", v: cleanPath(joinPath(a.v, b.v)) };
}

function withUnknown(m: Machine, op: string, a: Obj, b: Obj): Value {
  const u = (a.t === "unknown" ? a : b) as Unknown;
  const other = a.t === "unknown" ? b : a;
  if (op === "Add" && (other.t === "list" || other.t === "tuple") && !other.kind) {
    const splat: Unknown = { ...u, splat: true };
    const content = contentOf(other) as Value;
    const all = pure(m, [content], ([c]) =>
      tuple(a === other ? [...itemsIn(c), splat] : [splat, ...itemsIn(c)]),
    );
    return other.t === "tuple" ? all : { ...list([], m.pc), content: all };
  }
  if (op === "Add" && (other.t === "str" || u.type === "str"))
    return concat(m, [a, b], (texts) => texts.join(""));
  if (op === "Mod" && a.t === "str") return percent(m, a.v, b);
  const from = u.from ? { from: u.from } : {};
  if (op === "BitOr" && other.t === "dict") return { ...dict(m.pc), open: u };
  if (op === "Div" && (other.t === "path" || u.type === "path"))
    return unknown(u.reason, { type: "path", truthy: true, ...from });
  return unknown(u.reason, from);
}

export function joinedList(m: Machine, a: Value, b: Value): List {
  const content = pure(m, [a, b], ([x, y]) => joinedItems(itemsIn(x), itemsIn(y)));
  return { ...list([], m.pc), content };
}

/** More elements than any setting has: a list that grows like that is not followed. */
const MAX_ITEMS = 50_000;

export function joinedItems(a: Value[], b: Value[]): Tuple {
  if (a.length + b.length > MAX_ITEMS) return tuple([unknown("a very long list", { splat: true })]);
  return tuple([...a, ...b]);
}

/** `-a`, `+a`, `~a`. */
export function unary(m: Machine, op: string, v: Value): Value {
  return pure(m, [v], ([o]) => {
    const n = o ? numeric(o) : null;
    if (o?.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
    if (!n) {
      const name = { USub: "__neg__", UAdd: "__pos__", Invert: "__invert__" }[op] ?? "";
      return raiseProven(m, lacksAttribute(o as Obj, name), "TypeError", `bad operand type for unary ${op}`);
    }
    if (op === "Invert")
      return n.float
        ? raiseProven(m, lacksAttribute(o as Obj, "__invert__"), "TypeError", "bad operand type for unary ~")
        : num(-n.v - 1);
    return op === "USub" ? num(n.float ? -n.v : 0 - n.v, n.float) : num(n.v, n.float);
  });
}
