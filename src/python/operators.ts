import { pure } from "./apply.ts";
import { arithmetic, numeric } from "./arithmetic.ts";
import { ite, leaves, not } from "./decide.ts";
import { asCondition, factAbout } from "./facts.ts";
import { percent } from "./formats.ts";
import type { Machine } from "./machine.ts";
import { gap, raiseProven } from "./outcomes.ts";
import { cleanPath, joinPath } from "./paths.ts";
import { isUnhashable, lacksAttribute, refuses } from "./proofs.ts";
import { concat } from "./text.ts";
import { contains, contentOf, equal, keysOf, memberOf } from "./truth.ts";
import type { Dict, List, Obj, Tuple, Unknown, Value } from "./values.ts";
import {
  bool,
  dict,
  FALSE,
  itemsIn,
  keyOf,
  list,
  nextId,
  num,
  str,
  TRUE,
  tuple,
  typeName,
  unknown,
} from "./values.ts";

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

/** A member of an enumeration of texts or numbers is one. */
function plainOf(o: Obj): Obj {
  const v = o.t === "instance" ? o.scope.slots.get("\0value") : undefined;
  return v && v.t !== "choice" ? v : o;
}

function ofSequences(m: Machine, op: string, a: Obj, b: Obj): Value | null {
  if (op === "Add") {
    if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
      return { t: a.t, v: a.v + b.v };
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
      : { t: seq.t, v: seq.v.repeat(times) };
  if ((seq.t !== "tuple" && seq.t !== "list") || seq.kind) return null;
  const many = pure(m, [contentOf(seq) as Value], ([c]) => {
    const items = itemsIn(c);
    return items.length * times > 10_000
      ? gap("a very long repetition")
      : tuple(Array(times).fill(items).flat());
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

export function setOperation(m: Machine, op: string, a: List, b: List): List {
  const content = pure(m, [a.content, b.content], ([x, y]) => {
    const [left, right] = [itemsIn(x), itemsIn(y)];
    if (op === "BitOr") return unique(m, [...left, ...right]);
    const keep = (item: Value, others: Value[], wanted: boolean): Value => {
      const inside = memberOf(m, item, others);
      return wanted ? inside : not(inside);
    };
    const chosen = (from: Value[], others: Value[], wanted: boolean): Value => {
      let out: Value = tuple([]);
      for (const item of from) {
        const there = item.t === "unknown" && item.splat ? TRUE : keep(item, others, wanted);
        out = pure(m, [out], ([o]) => ite(there, tuple([...itemsIn(o), item]), o as Value));
      }
      return out;
    };
    const first = chosen(left, right, op === "BitAnd");
    if (op !== "BitXor") return first;
    return pure(m, [first, chosen(right, left, false)], ([p, q]) => tuple([...itemsIn(p), ...itemsIn(q)]));
  });
  return { t: "set", content, born: m.pc, id: nextId(), ...(a.kind ? { kind: a.kind } : {}) };
}

/** Items without those that are certainly there already. */
export function unique(m: Machine, items: Value[]): Tuple {
  const out: Value[] = [];
  for (const item of items) {
    if (item.t !== "choice" && isUnhashable(item))
      return raiseProven(m, isUnhashable(item), "TypeError", `unhashable type: '${typeName(item)}'`);
    const there = memberOf(
      m,
      item,
      out.filter((i) => i.t !== "unknown"),
    );
    if (!(there.t === "bool" && there.v)) out.push(item);
  }
  return tuple(out);
}

export function copyDict(m: Machine, d: Dict): Dict {
  const copy = dict(m.pc);
  for (const [k, v] of d.scope.slots) copy.scope.slots.set(k, v);
  copy.open = d.open;
  if (d.factory) copy.factory = d.factory;
  if (d.kind) copy.kind = d.kind;
  return copy;
}

export function mergedDict(m: Machine, a: Dict, b: Dict): Dict {
  const out = copyDict(m, a);
  for (const { key, when, value } of keysOf(b)) {
    const name = keyOf(key) ?? "";
    const old = out.scope.slots.get(name);
    out.scope.slots.set(
      name,
      old && !(when.t === "bool" && when.v)
        ? pure(m, [value, old], ([x, y]) => (x?.t === "missing" ? (y as Obj) : (x as Obj)))
        : value,
    );
  }
  if (b.open) out.open = b.open;
  return out;
}

/** `a OP b` for comparison operators; a condition. */
export function compare(m: Machine, op: string, a: Value, b: Value): Value {
  return asCondition(m, compared(m, op, a, b));
}

function compared(m: Machine, op: string, a: Value, b: Value): Value {
  switch (op) {
    case "Eq":
      return equal(m, a, b);
    case "NotEq":
      return not(equal(m, a, b));
    case "Is":
      return identical(m, a, b);
    case "IsNot":
      return not(identical(m, a, b));
    case "In":
      return pure(m, [b], ([c]) =>
        contains(m, a, c as Obj, (proof, what) => raiseProven(m, proof, "TypeError", what)),
      );
    case "NotIn":
      return not(
        asCondition(
          m,
          pure(m, [b], ([c]) =>
            contains(m, a, c as Obj, (proof, what) => raiseProven(m, proof, "TypeError", what)),
          ),
        ),
      );
    default:
      return pure(m, [a, b], ([x, y]) => ordered(m, op, x as Obj, y as Obj));
  }
}

function identical(m: Machine, a: Value, b: Value): Value {
  return pure(m, [a, b], ([x, y]) => {
    if (!x || !y) return FALSE;
    if (x === y) return bool(true);
    if (x.t === "unknown" || y.t === "unknown") return equal(m, x, y);
    if (x.t !== y.t) return FALSE;
    switch (x.t) {
      case "none":
      case "bool":
      case "ellipsis":
        return equal(m, x, y);
      // Objects that can be changed are told apart by what holds their content.
      case "dict":
        return bool(y.t === "dict" && x.scope === y.scope);
      case "list":
      case "set":
      case "instance":
      case "class":
      case "module":
      case "func":
        return bool(false);
      default: {
        // Equal constants may be one object or two.
        const same = equal(m, x, y);
        return same.t === "bool" && !same.v ? FALSE : gap("whether equal values are one object");
      }
    }
  });
}

function ordered(m: Machine, op: string, first: Obj, second: Obj): Value {
  const [a, b] = [plainOf(first), plainOf(second)];
  if (a.t === "set" && b.t === "set") return gap("a comparison of sets");
  if (a.t === "unknown" || b.t === "unknown")
    return factAbout(
      m,
      (a.t === "unknown" ? a : b) as Unknown,
      `${op} ${a.t === "num" ? a.v : b.t === "num" ? b.v : ""}`,
    );
  const sign = order(m, a, b);
  const open = sign === null ? (openItem(a) ?? openItem(b)) : null;
  if (open) return factAbout(m, open, `${op} something`);
  if (sign === null)
    return raiseProven(
      m,
      refuses("order", a, b),
      "TypeError",
      `'${op}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
    );
  return bool(op === "Lt" ? sign < 0 : op === "LtE" ? sign <= 0 : op === "Gt" ? sign > 0 : sign >= 0);
}

/** What keeps a sequence from being ordered: an element of which only the environment knows what it is. */
function openItem(o: Obj): Unknown | null {
  const content = contentOf(o);
  if (!content) return null;
  const items = content.t === "tuple" ? content.items.flatMap(leaves) : leaves(content);
  const hidden = items.find((x) => x.t === "unknown");
  if (hidden?.t === "unknown") return hidden;
  const open = content.t === "choice" || items.length > (content.t === "tuple" ? content.items.length : 1);
  return open ? unknown("an order that depends on the environment") : null;
}

/** Negative, zero or positive as Python orders them; null when it does not. */
export function order(m: Machine, a: Value, b: Value): number | null {
  if (a.t === "choice" || b.t === "choice") return null;
  const [x, y] = [numeric(a), numeric(b)];
  if (x && y) return Number.isNaN(x.v) || Number.isNaN(y.v) ? null : x.v < y.v ? -1 : x.v > y.v ? 1 : 0;
  if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
    return /[\ud800-\udfff]/.test(a.v + b.v) ? null : a.v < b.v ? -1 : a.v > b.v ? 1 : 0;
  if (a.t === "path" && b.t === "path")
    return order(m, tuple(a.v.split("/").map(str)), tuple(b.v.split("/").map(str)));
  if (a.t !== b.t || (a.t !== "tuple" && a.t !== "list") || a.kind || (b as List).kind) return null;
  const [ca, cb] = [contentOf(a), contentOf(b)];
  if (ca?.t === "tuple" && cb?.t === "tuple") {
    for (let i = 0; i < Math.min(ca.items.length, cb.items.length); i++) {
      const [p, q] = [ca.items[i] as Value, cb.items[i] as Value];
      const same = equal(m, p, q);
      if (same.t !== "bool") return null;
      if (!same.v) return order(m, p, q);
    }
    return ca.items.length - cb.items.length;
  }
  return null;
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
