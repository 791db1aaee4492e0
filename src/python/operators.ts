import { leaves, not, possible } from "./decide.ts";
import { asCondition, factAbout } from "./facts.ts";
import { type Machine, pure, raise } from "./machine.ts";
import { joinPath } from "./paths.ts";
import { concat, percent } from "./text.ts";
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
  tuple,
  typeName,
  unknown,
} from "./values.ts";

/** `a OP b` for built-in kinds; objects of project classes are handled by the caller. */
export function binary(m: Machine, op: string, a: Value, b: Value): Value {
  return pure(m, [a, b], ([x, y]) => leafBinary(m, op, x as Obj, y as Obj));
}

function leafBinary(m: Machine, op: string, a: Obj, b: Obj): Value {
  if (a.t === "unknown" || b.t === "unknown") return withUnknown(m, op, a, b);
  const [x, y] = [numeric(a), numeric(b)];
  if (x && y) return arithmetic(m, op, x, y, a.t === "bool" && b.t === "bool");
  if (op === "Mod" && a.t === "str") return percent(m, a.v, b);
  if (op === "Add") {
    if ((a.t === "str" && b.t === "str") || (a.t === "bytes" && b.t === "bytes"))
      return { t: a.t, v: a.v + b.v };
    if (a.t === "tuple" && b.t === "tuple") return joinedItems(a.items, b.items);
    if (a.t === "list" && b.t === "list") return joinedList(m, a.content, b.content);
  }
  if (op === "Mult") {
    const [seq, n] = y ? [a, y.v] : [b, x?.v ?? 0];
    if (n > 10_000) return unknown("a very long repetition");
    if (seq.t === "str" && (x || y)) return str(seq.v.repeat(Math.max(0, Math.min(n, 100_000))));
    const content = seq.t === "tuple" || seq.t === "list" ? contentOf(seq) : null;
    if (content && (x || y)) {
      const many = pure(m, [content], ([c]) => {
        const items = itemsIn(c);
        return items.length * n > 10_000 ? tuple([]) : tuple(Array(Math.max(0, n)).fill(items).flat());
      });
      return seq.t === "tuple" ? many : { ...list([], m.pc), content: many };
    }
  }
  if (op === "Div" && (a.t === "path" || b.t === "path")) {
    if (a.t === "path" && (b.t === "str" || b.t === "path")) return { t: "path", v: joinPath(a.v, b.v) };
    if (a.t === "str" && b.t === "path") return { t: "path", v: joinPath(a.v, b.v) };
  }
  if (a.t === "set" && b.t === "set") return setOperation(m, op, a, b);
  if (op === "BitOr" && a.t === "dict" && b.t === "dict") return mergedDict(m, a, b);
  if (a.t === "instance" || b.t === "instance" || a.t === "native" || b.t === "native")
    return unknown(`${typeName(a)} ${op} ${typeName(b)}`);
  // `str | None` in annotations and the like.
  if (op === "BitOr" && (a.t === "class" || b.t === "class")) return unknown("a type");
  return raise(
    m,
    "TypeError",
    `unsupported operand type(s) for ${op}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

const numeric = (o: Obj): { v: number; float: boolean } | null =>
  o.t === "num" ? o : o.t === "bool" ? { v: o.v ? 1 : 0, float: false } : null;

function arithmetic(
  m: Machine,
  op: string,
  a: { v: number; float: boolean },
  b: { v: number; float: boolean },
  flags: boolean,
): Value {
  const float = a.float || b.float;
  switch (op) {
    case "Add":
      return num(a.v + b.v, float);
    case "Sub":
      return num(a.v - b.v, float);
    case "Mult":
      return num(a.v * b.v, float);
    case "Div":
      return b.v === 0 ? raise(m, "ZeroDivisionError", "division by zero") : num(a.v / b.v, true);
    case "FloorDiv":
      return b.v === 0
        ? raise(m, "ZeroDivisionError", "division by zero")
        : num(Math.floor(a.v / b.v), float);
    case "Mod":
      return b.v === 0
        ? raise(m, "ZeroDivisionError", "modulo by zero")
        : num(((a.v % b.v) + b.v) % b.v, float);
    case "Pow":
      return num(a.v ** b.v, float || b.v < 0);
    case "LShift":
      return num(a.v * 2 ** b.v);
    case "RShift":
      return num(Math.floor(a.v / 2 ** b.v));
    case "BitOr":
      return flags ? bool((a.v | b.v) === 1) : num(a.v | b.v);
    case "BitAnd":
      return flags ? bool((a.v & b.v) === 1) : num(a.v & b.v);
    case "BitXor":
      return flags ? bool((a.v ^ b.v) === 1) : num(a.v ^ b.v);
    default:
      return raise(m, "TypeError", `unsupported operand ${op}`);
  }
}

function withUnknown(m: Machine, op: string, a: Obj, b: Obj): Value {
  const u = (a.t === "unknown" ? a : b) as Unknown;
  const other = a.t === "unknown" ? b : a;
  if (op === "Add" && (other.t === "list" || other.t === "tuple")) {
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
  if (op === "BitOr" && other.t === "dict") return { ...copyDict(m, other), open: u };
  const from = u.from ? { from: u.from } : {};
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

function setOperation(m: Machine, op: string, a: List, b: List): Value {
  const content = pure(m, [a.content, b.content], ([x, y]) => {
    const [left, right] = [itemsIn(x), itemsIn(y)];
    if (op === "BitOr") return unique(m, [...left, ...right]);
    const keep = (item: Value, others: Value[], wanted: boolean): Value => {
      const inside = memberOf(m, item, others);
      return wanted ? inside : not(inside);
    };
    const chosen = left.filter((i) => possible(keep(i, right, op === "BitAnd")));
    return op === "BitXor"
      ? tuple([...chosen, ...right.filter((i) => possible(keep(i, left, false)))])
      : tuple(chosen);
  });
  return { t: "set", content, born: m.pc, id: nextId() };
}

/** Items without those that are certainly there already. */
export function unique(m: Machine, items: Value[]): Tuple {
  const out: Value[] = [];
  for (const item of items) {
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
      return pure(m, [b], ([c]) => contains(m, a, c as Obj, (what) => raise(m, "TypeError", what)));
    case "NotIn":
      return not(pure(m, [b], ([c]) => contains(m, a, c as Obj, (what) => raise(m, "TypeError", what))));
    default:
      return pure(m, [a, b], ([x, y]) => ordered(m, op, x as Obj, y as Obj));
  }
}

function identical(m: Machine, a: Value, b: Value): Value {
  return pure(m, [a, b], ([x, y]) => {
    if (!x || !y) return FALSE;
    if (x.t === "unknown" || y.t === "unknown") return equal(m, x, y);
    if (x.t === "num" || x.t === "str") return equal(m, x, y);
    if (x.t === "tuple" || x.t === "list" || x.t === "dict") return bool(x === y);
    return x.t === y.t ? equal(m, x, y) : FALSE;
  });
}

function ordered(m: Machine, op: string, a: Obj, b: Obj): Value {
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
    return raise(
      m,
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
  if (x && y) return x.v - y.v;
  if ((a.t === "str" && b.t === "str") || (a.t === "path" && b.t === "path"))
    return a.v < b.v ? -1 : a.v > b.v ? 1 : 0;
  const [ca, cb] = [contentOf(a), contentOf(b)];
  if (ca?.t === "tuple" && cb?.t === "tuple") {
    for (let i = 0; i < Math.min(ca.items.length, cb.items.length); i++) {
      const sign = order(m, ca.items[i] as Value, cb.items[i] as Value);
      if (sign !== 0) return sign;
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
    if (!n) return raise(m, "TypeError", `bad operand type for unary ${op}`);
    return op === "USub" ? num(-n.v, n.float) : op === "Invert" ? num(~n.v) : num(n.v, n.float);
  });
}
