import { leaves } from "../../python/logic/decide.ts";
import type { Obj, Value } from "../../python/logic/values.ts";
import { type Assumption, isSplat, keeps, objectOf } from "./values.ts";

/** Does what is known for certain say something else? */
export function contradicts(v: Value, { said }: Assumption): boolean {
  const names = keeps(said);
  const known = leaves(v).filter((o) => o.t !== "unknown");
  if (known.length === 0 || leaves(v).length > known.length) return false;
  return known.every((o) => (names === null ? differs(o, objectOf(said)) : lacksSome(o, names)));
}

/** The items of a sequence, null where some are not known. */
function itemsOf(o: Obj): Value[] | null {
  const content = o.t === "tuple" ? o : o.t === "list" || o.t === "set" ? o.content : null;
  return content?.t === "tuple" ? content.items : null;
}

function lacksSome(o: Obj, names: string[]): boolean {
  if (o.t !== "tuple" && o.t !== "list" && o.t !== "set") return true;
  const items = itemsOf(o);
  if (!items || items.some((item) => item.t === "unknown" || item.t === "choice")) return false;
  return names.some((name) => !items.some((item) => item.t === "str" && item.v === name));
}

/** Are two values certainly not equal? What is not known in one may be the other. */
function differs(a: Value, b: Value): boolean {
  if (a.t === "choice" || a.t === "unknown" || b.t === "choice" || b.t === "unknown") return false;
  const [left, right] = [itemsOf(a), itemsOf(b)];
  if (left && right) {
    if (left.some(isSplat)) {
      // What is known to be in it has to be in what is said.
      const all = right as Value[];
      return left.some((x) => !isSplat(x) && all.every((y) => differs(x, y)));
    }
    if (left.some((x) => x.t === "unknown")) return false;
    return left.length !== right.length || left.some((x, i) => differs(x, right[i] as Value));
  }
  if (a.t === "dict" && b.t === "dict") {
    if ([...a.scope.slots].some(([key, x]) => differsIn(x, b.scope.slots.get(key)))) return true;
    return !a.open && [...b.scope.slots.keys()].some((key) => !a.scope.slots.has(key));
  }
  if (a.t === "list" || a.t === "set" || a.t === "instance")
    return a.t === "instance" ? false : itemsOf(a) !== null;
  if ("v" in a && "v" in b) return a.v !== b.v || (a.t === "str") !== (b.t === "str");
  return a.t !== b.t;
}

const differsIn = (x: Value, y: Value | undefined): boolean =>
  x.t !== "missing" && (y === undefined ? x.t !== "choice" && x.t !== "unknown" : differs(x, y));
