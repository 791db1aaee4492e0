import { pure } from "../logic/apply.ts";
import { toCondition } from "../logic/decide.ts";
import { isKey, keyObject } from "../logic/keys.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import { isNoIterable } from "../logic/proofs.ts";
import { inSomeOrder } from "../logic/set-order.ts";
import type { Dict, Obj, Tuple, Value } from "../logic/values.ts";
import { itemsIn, str, TRUE, tuple } from "../logic/values.ts";

/** The content of anything that is a sequence of known shape, else null. */
export function contentOf(o: Obj): Value | null {
  if (o.t === "tuple") return o;
  if (o.t === "list" || o.t === "set") return o.content;
  return null;
}

/** The keys of a dict that may be there, with the condition for each. */
export function keysOf(d: Dict): { key: Obj; when: Value; value: Value }[] {
  const entries = [...d.scope.slots].filter(([k]) => isKey(k));
  return entries.map(([k, v]) => ({
    key: keyObject(k),
    when: toCondition(v, (x) => x.t !== "missing"),
    value: v,
  }));
}

/** The items of an iterable as tuples; an unknown iterable is one splat. Null when it can not be iterated. */
export function itemsOf(m: Machine, o: Obj): Value | null {
  switch (o.t) {
    case "tuple":
      return o;
    case "list":
      return o.content;
    case "set":
      return inSomeOrder(m, o.content);
    case "str":
      return tuple([...o.v].map(str));
    case "bytes":
      return {
        t: "tuple",
        items: [...o.v].map((v) => ({ t: "num", v: v.charCodeAt(0), float: false }) as Obj),
      };
    case "dict": {
      let out: Value = { t: "tuple", items: [] };
      for (const { key, when } of keysOf(o)) out = appendWhere(m, out, when, key);
      return o.open ? appendWhere(m, out, TRUE, { ...o.open, splat: true }) : out;
    }
    case "unknown":
      return { t: "tuple", items: [{ ...o, splat: true }] };
    case "class":
      return o.members ? { t: "tuple", items: o.members } : null;
    case "instance":
      return o.scope.slots.get("\0items") ?? (isNoIterable(o) ? null : gap(`items of a ${o.cls.name}`));
    default:
      return null;
  }
}

function appendWhere(m: Machine, content: Value, when: Value, item: Value): Value {
  return pure(m, [content, when], ([c, w]) =>
    w?.t === "bool" && w.v ? { t: "tuple", items: [...itemsIn(c), item] } : (c as Tuple),
  );
}
