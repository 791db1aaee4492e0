import { pure } from "../../logic/apply.ts";
import { leaves, not } from "../../logic/decide.ts";
import { asCondition, factAbout } from "../../logic/facts.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raiseProven } from "../../logic/outcomes.ts";
import { refuses } from "../../logic/proofs.ts";
import type { List, Obj, Unknown, Value } from "../../logic/values.ts";
import { bool, FALSE, str, tuple, typeName, unknown } from "../../logic/values.ts";
import { contains, equal } from "../equality.ts";
import { contentOf } from "../items-of.ts";
import { numeric } from "./arithmetic.ts";

/** A member of an enumeration of texts or numbers is one. */
export function plainOf(o: Obj): Obj {
  const v = o.t === "instance" ? o.scope.slots.get("\0value") : undefined;
  return v && v.t !== "choice" ? v : o;
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
  // Two types that have no order have none whatever is in them.
  const proof = sign === null ? refuses("order", a, b) : null;
  const open = sign === null && !proof ? (openItem(a) ?? openItem(b)) : null;
  if (open) return gap(open.reason, open.from ? { from: open.from } : {});
  if (sign === null)
    return raiseProven(
      m,
      proof,
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
