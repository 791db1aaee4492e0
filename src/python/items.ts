import { classSlot } from "./attributes.ts";
import { callValue } from "./calls.ts";
import { possible } from "./decide.ts";
import { each, type Machine, narrow, pure, raise } from "./machine.ts";
import { dictDelete, dictGet, dictSet } from "./methods/dicts.ts";
import { listMethod, mutate } from "./methods/lists.ts";
import type { Obj, Value } from "./values.ts";
import { itemsIn, list, MISSING, NONE, str, tuple, typeName, unknown } from "./values.ts";

/** `v[key]`. */
export function getItem(m: Machine, v: Value, key: Value): Value {
  return each(m, v, (o) => {
    if (o.t === "dict") return dictItem(m, o, key);
    if (o.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
    if (o.t === "instance") {
      const method = classSlot(m, o.cls, "__getitem__");
      if (method?.t === "func") return callValue(m, { t: "bound", self: o, func: method }, [key]);
      if (method) return callValue(m, method, [key]);
      return unknown(`item of a ${o.cls.name}`);
    }
    if (o.t === "class" || o.t === "native" || o.t === "func") return o;
    return pure(m, [key], ([k]) => sequenceItem(m, o, k as Obj));
  });
}

function dictItem(m: Machine, d: Obj & { t: "dict" }, key: Value): Value {
  if (!d.factory) return dictGet(m, d, key, null);
  const made = dictGet(m, d, key, () => MISSING);
  return each(m, made, (o) => {
    if (o.t !== "missing") return o;
    const fresh = callValue(m, d.factory as Value, []);
    dictSet(m, d, key, fresh);
    return fresh;
  });
}

function sequenceItem(m: Machine, o: Obj, k: Obj): Value {
  if (k.t === "unknown") return unknown(k.reason, k.from ? { from: k.from } : {});
  if (o.t === "str" || o.t === "bytes") {
    if (k.t === "slice") return { t: o.t, v: cut([...o.v], k, m).join("") };
    if (k.t !== "num") return raise(m, "TypeError", "string indices must be integers");
    const c = o.v[k.v < 0 ? o.v.length + k.v : k.v];
    return c === undefined ? raise(m, "IndexError", "string index out of range") : str(c);
  }
  const content = o.t === "tuple" ? o : o.t === "list" ? o.content : null;
  if (!content) return raise(m, "TypeError", `'${typeName(o)}' object is not subscriptable`);
  return pure(m, [content], ([c]) => {
    const items = itemsIn(c);
    const splat = items.findIndex((i) => i.t === "unknown" && i.splat);
    if (k.t === "slice") {
      const part = tuple(splat < 0 ? cut(items, k, m) : items);
      return o.t === "tuple" ? part : { ...list([], m.pc), content: part };
    }
    const at = k.t === "num" ? k.v : k.t === "bool" ? Number(k.v) : null;
    if (at === null) return raise(m, "TypeError", "list indices must be integers or slices");
    if (splat >= 0 && (at < 0 || at >= splat)) return unknown((items[splat] as { reason: string }).reason);
    const item = items[at < 0 ? items.length + at : at];
    return item ?? raise(m, "IndexError", "list index out of range");
  });
}

function cut<T>(items: T[], k: Obj & { t: "slice" }, m: Machine): T[] {
  const whole = (v: Value, otherwise: number): number => {
    const n = narrow(m, v);
    return n.t === "num" ? (n.v < 0 ? Math.max(0, items.length + n.v) : n.v) : otherwise;
  };
  const by = narrow(m, k.step);
  if (by.t === "num" && by.v === -1) return [...items].reverse();
  const part = items.slice(whole(k.lower, 0), whole(k.upper, items.length));
  return by.t === "num" && by.v > 1 ? part.filter((_, i) => i % by.v === 0) : part;
}

/** `v[key] = value`. */
export function setItem(m: Machine, v: Value, key: Value, value: Value): void {
  each(m, v, (o) => {
    if (o.t === "dict") dictSet(m, o, key, value);
    else if (o.t === "list") {
      const k = narrow(m, key);
      if (k.t === "num")
        mutate(m, o, (items) => {
          const at = k.v < 0 ? items.length + k.v : k.v;
          if (at >= items.length) return raise(m, "IndexError", "list assignment index out of range");
          items[at] = value;
          return items;
        });
      else o.content = tuple([unknown("an assignment to a part of a list", { splat: true })]);
    } else if (o.t === "instance") {
      const method = classSlot(m, o.cls, "__setitem__");
      if (method)
        callValue(m, method.t === "func" ? { t: "bound", self: o, func: method } : method, [key, value]);
    }
    return NONE;
  });
}

/** `del v[key]`. */
export function deleteItem(m: Machine, v: Value, key: Value): void {
  each(m, v, (o) => {
    if (o.t === "dict") {
      dictGet(m, o, key, null);
      if (possible(m.pc)) dictDelete(m, o, key);
    } else if (o.t === "list") listMethod(m, o, "pop", [key]);
    return NONE;
  });
}
