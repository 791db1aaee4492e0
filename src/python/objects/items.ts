import { each, mayRaise, pure } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { possible } from "../logic/decide.ts";
import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone, isPythons, lacksAll, lacksAttribute, refuses } from "../logic/proofs.ts";
import type { Class, Instance, List, Obj, Tuple, Value } from "../logic/values.ts";
import {
  itemsIn,
  list,
  MISSING,
  NONE,
  num,
  str,
  TRUE,
  textOrBytes,
  tuple,
  typeName,
  unknown,
} from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { callValue } from "./calls.ts";
import { itemsOrRaise } from "./iterate.ts";
import { mutate, setContent } from "./list-content.ts";
import { dictDelete, dictGet, dictSet } from "./methods/dicts.ts";
import { listMethod } from "./methods/lists.ts";

/** `v[key]`. */
export function getItem(m: Machine, v: Value, key: Value): Value {
  return each(m, v, (o) => {
    if (o.t === "dict") return dictItem(m, o, key);
    if (o.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
    if (o.t === "instance") {
      const method = classSlot(m, o.cls, "__getitem__");
      if (method?.t === "func") return callValue(m, { t: "bound", self: o, func: method }, [key]);
      if (method) return callValue(m, method, [key]);
      return raiseProven(m, lacksAttribute(o, "__getitem__"), "TypeError", `item of a ${o.cls.name}`);
    }
    if (o.t === "class" && o.members) return memberByName(m, o, key);
    if (o.t === "class")
      return isPythons(o) || classSlot(m, o, "__class_getitem__") ? o : gap(`item of the class ${o.name}`);
    if (o.t === "native") return o;
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

/** `Color["RED"]` of an enumeration. */
function memberByName(m: Machine, cls: Class, key: Value): Value {
  return pure(m, [key], ([k]) => {
    const found = k?.t === "str" ? cls.scope.slots.get(k.v) : undefined;
    if (found && cls.members?.includes(found)) return found;
    return k?.t === "str" && !cls.unknownBase ? raise(m, "KeyError", k.v) : gap(`a member of ${cls.name}`);
  });
}

function sequenceItem(m: Machine, o: Obj, k: Obj): Value {
  if (k.t === "unknown") return gap(k.reason, k.from ? { from: k.from } : {});
  const index = k.t === "num" && !k.float ? k.v : k.t === "bool" ? Number(k.v) : null;
  const refused =
    index === null && k.t !== "slice" ? (lacksAll(o, "__getitem__") ?? refuses("item", o, k)) : null;
  if (refused || (index === null && k.t !== "slice"))
    return raiseProven(m, refused, "TypeError", `'${typeName(o)}' indices must be integers or slices`);
  if (o.t === "str" || o.t === "bytes") {
    const all = [...o.v];
    if (k.t === "slice") return textOrBytes(o.t, cut(all, k, m).join(""));
    const c = all[(index as number) < 0 ? all.length + (index as number) : (index as number)];
    if (c === undefined) return raise(m, "IndexError", "string index out of range");
    return o.t === "str" ? str(c) : num(c.charCodeAt(0));
  }
  const plain =
    (o.t === "tuple" || o.t === "list") && (!o.kind || /^(deque|range|_PathParents)$/.test(o.kind));
  const content = !plain ? null : o.t === "tuple" ? o : o.content;
  if (!content)
    return raiseProven(
      m,
      lacksAttribute(o, "__getitem__"),
      "TypeError",
      `'${typeName(o)}' object is not subscriptable`,
    );
  if (k.t === "slice" && o.t === "list" && o.kind === "deque") return gap("a part of a deque");
  return pure(m, [content], ([c]) => {
    const items = itemsIn(c);
    const splat = items.findIndex((i) => i.t === "unknown" && i.splat);
    if (k.t === "slice") {
      const part: Tuple = {
        ...tuple(splat < 0 ? cut(items, k, m) : partOf(items, k, m)),
        ...(o.t === "tuple" && o.kind ? { kind: o.kind } : {}),
      };
      return o.t === "tuple" ? part : { ...list([], m.pc), content: part };
    }
    const at = index as number;
    const last = items.findLastIndex((i) => i.t === "unknown" && i.splat);
    if (splat >= 0 && (at < 0 ? items.length + at <= last : at >= splat))
      return gap((items[splat] as { reason: string }).reason);
    const item = items[at < 0 ? items.length + at : at];
    return item ?? raise(m, "IndexError", "list index out of range");
  });
}

/** Of items whose number is not known: all of them, or some that nobody knows. */
function partOf(items: Value[], k: Obj & { t: "slice" }, m: Machine): Value[] {
  const none = (v: Value): boolean => narrow(m, v).t === "none";
  if (none(k.lower) && none(k.upper) && none(k.step)) return items;
  return [unknown("a part of items that are not known", { splat: true })];
}

/** A part as Python cuts it: positions beyond an end are that end. */
export function cut<T>(items: T[], k: Obj & { t: "slice" }, m: Machine): T[] {
  const part = (v: Value): number | null => {
    const n = narrow(m, v);
    if (n.t === "none") return null;
    if (n.t === "num" && !n.float) return n.v;
    if (n.t === "bool") return Number(n.v);
    return n.t === "choice"
      ? gap("a part whose ends depend on the environment")
      : raiseProven(m, isNone(n, "int"), "TypeError", "slice indices must be integers");
  };
  const by = part(k.step) ?? 1;
  if (by === 0) return raise(m, "ValueError", "slice step cannot be zero");
  const n = items.length;
  const clamp = (v: number | null, otherwise: number): number => {
    if (v === null) return otherwise;
    const at = v < 0 ? v + n : v;
    return by > 0 ? Math.min(Math.max(at, 0), n) : Math.min(Math.max(at, -1), n - 1);
  };
  const from = clamp(part(k.lower), by > 0 ? 0 : n - 1);
  const to = clamp(part(k.upper), by > 0 ? n : -1);
  const out: T[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) out.push(items[i] as T);
  return out;
}

/** `v[key] = value`. */
export function setItem(m: Machine, v: Value, key: Value, value: Value): void {
  each(m, v, (o) => {
    if (o.t === "dict") dictSet(m, o, key, value);
    else if (o.t === "list" && (!o.kind || o.kind === "deque")) setInList(m, o, narrow(m, key), value);
    else if (o.t === "instance") {
      callItemMethod(m, o, "__setitem__", [key, value]);
    } else if (o.t === "unknown") mayRaise(m, TRUE, o);
    else
      raiseProven(
        m,
        lacksAttribute(o, "__setitem__"),
        "TypeError",
        `'${typeName(o)}' does not support item assignment`,
      );
    return NONE;
  });
}

/** `o[k] = v` and `del o[k]` of an object whose class says what they do. */
function callItemMethod(m: Machine, o: Instance, name: string, args: Value[]): void {
  const method = classSlot(m, o.cls, name);
  if (!method) raiseProven(m, lacksAttribute(o, name), "TypeError", `item of a ${o.cls.name}`);
  else callValue(m, method.t === "func" ? { t: "bound", self: o, func: method } : method, args);
}

function setInList(m: Machine, o: List, k: Value, value: Value): void {
  if (k.t === "slice") {
    setPart(m, o, k, value);
    return;
  }
  const at = k.t === "num" && !k.float ? k.v : k.t === "bool" ? Number(k.v) : null;
  if (at === null) {
    const refused = k.t === "choice" ? null : refuses("item", o, k);
    if (refused) raiseProven(m, refused, "TypeError", "list indices must be integers or slices");
    forget(m, [o], "an assignment to a part of a list");
    gap("an assignment to a part of a list");
  }
  mutate(m, o, (items) => {
    if (items.some((x) => x.t === "unknown" && x.splat))
      return [unknown("an element was replaced", { splat: true })];
    const own = at < 0 ? items.length + at : at;
    if (own >= items.length || own < 0) return raise(m, "IndexError", "list assignment index out of range");
    items[own] = value;
    return items;
  });
}

function setPart(m: Machine, o: List, k: Obj & { t: "slice" }, value: Value): void {
  const by = itemsOrRaise(m, value);
  const next = pure(m, [o.content, by], ([c, b]) => {
    const items = itemsIn(c);
    if (items.some((x) => x.t === "unknown" && x.splat))
      return tuple([unknown("a part was replaced", { splat: true })]);
    const places = cut([...items.keys()], k, m);
    const step = narrow(m, k.step);
    if (step.t !== "none" && !(step.t === "num" && step.v === 1))
      return tuple([unknown("a part was replaced", { splat: true })]);
    const lower = narrow(m, k.lower);
    const from =
      places[0] ??
      (lower.t === "num"
        ? Math.min(items.length, lower.v < 0 ? Math.max(0, items.length + lower.v) : lower.v)
        : 0);
    return tuple([...items.slice(0, from), ...itemsIn(b), ...items.slice(from + places.length)]);
  });
  setContent(m, o, next);
}

/** `del v[key]`. */
export function deleteItem(m: Machine, v: Value, key: Value): void {
  each(m, v, (o) => {
    if (o.t === "dict") {
      dictGet(m, o, key, null);
      if (possible(m.pc)) dictDelete(m, o, key);
    } else if (o.t === "list" && (!o.kind || o.kind === "deque")) deleteInList(m, o, narrow(m, key));
    else if (o.t === "instance") {
      callItemMethod(m, o, "__delitem__", [key]);
    } else if (o.t === "unknown") mayRaise(m, TRUE, o);
    else
      raiseProven(
        m,
        lacksAttribute(o, "__delitem__"),
        "TypeError",
        `'${typeName(o)}' does not support item deletion`,
      );
    return NONE;
  });
}

function deleteInList(m: Machine, o: List, k: Value): void {
  if (k.t !== "slice") {
    listMethod(m, o, "pop", [k]);
    return;
  }
  mutate(m, o, (items) => {
    if (items.some((x) => x.t === "unknown" && x.splat))
      return [unknown("a part was taken out", { splat: true })];
    const gone = new Set(cut([...items.keys()], k, m));
    return items.filter((_, i) => !gone.has(i));
  });
}
