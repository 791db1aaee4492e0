import { each, pure } from "../logic/apply.ts";
import { and, ite, leaves, or, possible } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone, lacksAttribute } from "../logic/proofs.ts";
import type { Call, List, Obj, Unknown, Value } from "../logic/values.ts";
import { FALSE, itemsIn, list, NONE, num, TRUE, tuple, typeName, unknown } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { callMethod, callValue } from "../objects/calls.ts";
import { itemsOrRaise, start } from "../objects/iterate.ts";
import { appendWhere, setContent } from "../objects/list-content.ts";
import { whole } from "../objects/methods/string-self.ts";
import { binary } from "../objects/operators/binary.ts";
import { truthOf } from "../objects/operators/by-method.ts";
import { order } from "../objects/operators/comparisons.ts";
import { reading } from "../objects/reads.ts";
import { ordered } from "../objects/sorting.ts";

const loose = (items: Value[]): boolean => items.some((i) => i.t === "unknown" && i.splat === true);

export function sequences(m: Machine): Record<string, Call> {
  const iterator = (kind: string, over: Value[], content: Value, more: Partial<List> = {}): List =>
    reading({ ...list([], m.pc), content, kind, once: true, ...more }, over);
  const over = (v: Value, fn: (items: Value[]) => Value): Value =>
    pure(m, [itemsOrRaise(m, v)], ([c]) => fn(itemsIn(c)));
  return {
    len: ([v = NONE]) =>
      each(m, v, (o) => {
        if (o.t === "str" || o.t === "bytes") return num([...o.v].length);
        if (o.t === "unknown")
          return o.length === undefined
            ? gap(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) })
            : num(o.length);
        const proof = lacksAttribute(o, "__len__");
        if (proof) return raiseProven(m, proof, "TypeError", `object of type '${typeName(o)}' has no len()`);
        if (o.t === "dict" && o.open) return unknown("a length", { type: "int" });
        if (o.t === "class" && o.members) return num(o.members.length);
        if (o.t === "class") return gap("len() of a class");
        if (o.t === "instance" && !o.scope.slots.has("\0items")) return callMethod(m, o, "__len__", []);
        return over(o, (items) => (loose(items) ? unknown("a length", { type: "int" }) : num(items.length)));
      }),
    range: (args) =>
      pure(m, args, (found) => {
        const ends = found.map((o) => whole(m, o, Number.NaN));
        const [from, to] =
          ends.length === 1 ? [0, ends[0] as number] : [ends[0] as number, ends[1] as number];
        const by = ends[2] ?? 1;
        if (ends.length < 1 || ends.length > 3) return gap("range()");
        if (by === 0) return raise(m, "ValueError", "range() arg 3 must not be zero");
        const n = Math.max(0, Math.ceil((to - from) / by));
        if (!(n <= 5000)) return { ...tuple([unknown("a long range", { splat: true })]), kind: "range" };
        return { ...tuple(Array.from({ length: n }, (_, i) => num(from + i * by))), kind: "range" };
      }),
    enumerate: ([v = NONE, start = num(0)]) =>
      iterator(
        "enumerate",
        [v],
        over(v, (items) =>
          tuple(
            items.map((x, i) =>
              x.t === "unknown" && x.splat
                ? x
                : tuple([
                    loose(items.slice(0, i))
                      ? unknown("a position", { type: "int" })
                      : binary(m, "Add", start, num(i)),
                    x,
                  ]),
            ),
          ),
        ),
      ),
    zip: (args, kwargs) =>
      iterator(
        "zip",
        args,
        pure(
          m,
          args.map((a) => itemsOrRaise(m, a)),
          (cs) => {
            const rows = cs.map(itemsIn);
            if (kwargs.size > 0 || rows.some(loose))
              return tuple([unknown("rows that are not known", { splat: true })]);
            const n = Math.min(...rows.map((r) => r.length));
            return tuple(
              Array.from({ length: rows.length ? n : 0 }, (_, i) => tuple(rows.map((r) => r[i] as Value))),
            );
          },
        ),
      ),
    map: ([fn = NONE, ...lists]) => {
      const rows = lists.map((l) => itemsOrRaise(m, l));
      return iterator("map", lists, tuple([]), { pending: () => mapped(m, fn, rows) });
    },
    filter: ([fn = NONE, v = NONE]) => {
      const items = itemsOrRaise(m, v);
      return iterator("filter", [v], tuple([]), { pending: () => filteredBy(m, fn, items) });
    },
    sorted: ([v = NONE], kwargs) => {
      const content = over(v, (items) => ordered(m, items, kwargs));
      return {
        ...list([], m.pc),
        content: content.t === "unknown" ? tuple([{ ...content, splat: true }]) : content,
      };
    },
    reversed: ([v = NONE]) =>
      iterator(
        "reversed",
        [v],
        pure(m, [v], ([o]) => {
          const proof = o
            ? (isNone(
                o,
                "list",
                "tuple",
                "str",
                "bytes",
                "dict",
                "range",
                "dict_keys",
                "dict_values",
                "dict_items",
              ) ?? null)
            : null;
          if (proof && o && lacksAttribute(o, "__reversed__"))
            return raiseProven(m, proof, "TypeError", "object is not reversible");
          if (!o || !/^(list|tuple|str|dict|bytes)$/.test(o.t) || (o.t === "list" && o.once))
            return gap("reversed()");
          return over(o, (items) => tuple([...items].reverse()));
        }),
      ),
    sum: ([v = NONE, start = num(0)]) =>
      over(v, (items) => {
        if (leaves(start).some((o) => o.t === "str" || o.t === "bytes")) return gap("sum() of texts");
        if (items.some((i) => i.t === "num" && i.float)) return gap("sum() of floats", { type: "float" });
        return items.reduce((a, b) => binary(m, "Add", a, b), start);
      }),
    min: (args, kwargs) => extreme(m, args, kwargs, -1),
    max: (args, kwargs) => extreme(m, args, kwargs, 1),
    any: ([v = NONE]) =>
      over(v, (items) => items.reduce<Value>((a, b) => or(a, truthOfItem(m, b, "any")), FALSE)),
    all: ([v = NONE]) =>
      over(v, (items) => items.reduce<Value>((a, b) => and(a, truthOfItem(m, b, "all")), TRUE)),
    iter: ([v = NONE, ...more]) => {
      if (more.length > 0) return gap("iter()");
      if (v.t === "list" && v.once) return v;
      const content = itemsOrRaise(m, v);
      return reading({ ...list([], m.pc), content, kind: "list_iterator", once: true }, [v], "values");
    },
    next: ([v = NONE, fallback]) => each(m, v, (o) => nextOf(m, o, fallback)),
    slice: (args) => ({
      t: "slice",
      lower: args.length > 1 ? (args[0] ?? NONE) : NONE,
      upper: args[args.length > 1 ? 1 : 0] ?? NONE,
      step: args[2] ?? NONE,
    }),
  };
}

/** What stands for any number of items may be true, or not there at all. */
function truthOfItem(m: Machine, v: Value, how: string): Value {
  return v.t === "unknown" && v.splat ? fact(m, `${how}() of ${v.reason}`, v.from) : truthOf(m, v);
}

/** `next(iterator)`: takes its first item from it. */
function nextOf(m: Machine, o: Obj, fallback: Value | undefined): Value {
  if (o.t === "instance" && !lacksAttribute(o, "__next__")) return callMethod(m, o, "__next__", []);
  if (o.t !== "list" || !o.once)
    return raiseProven(
      m,
      lacksAttribute(o, "__next__"),
      "TypeError",
      `'${typeName(o)}' object is not an iterator`,
    );
  start(m, o);
  if (!possible(m.pc)) return NONE;
  const before = narrow(m, o.content);
  const rest = pure(m, [before], ([c]) => {
    const [first, ...others] = itemsIn(c);
    return first?.t === "unknown" && first.splat ? tuple([first]) : tuple(others);
  });
  const taken = pure(m, [before], ([c]) => {
    const first = itemsIn(c)[0];
    if (first === undefined) return fallback ?? raise(m, "StopIteration", "");
    return first.t === "unknown" && first.splat
      ? gap(first.reason, first.from ? { from: first.from } : {})
      : first;
  });
  setContent(m, o, rest);
  return taken;
}

function mapped(m: Machine, fn: Value, rows: Value[]): Value {
  if (
    rows.length !== 1 &&
    !rows.every((r) => r.t === "tuple" && !r.items.some((x) => x.t === "unknown" && x.splat))
  )
    return tuple([unknown("map() of several iterables", { splat: true })]);
  const shortest = Math.min(...rows.slice(1).map((r) => (r.t === "tuple" ? r.items.length : 0)));
  let out: Value | null = null;
  each(m, rows[0] ?? tuple([]), (c) => {
    let content: Value = tuple([]);
    for (const [i, item] of itemsIn(c).entries()) {
      if (rows.length > 1 && i >= shortest) break;
      const others = rows.slice(1).map((r) => (r.t === "tuple" ? (r.items[i] ?? NONE) : NONE));
      const v =
        item.t === "unknown" && item.splat ? mappedUnknown(m, fn, item) : callValue(m, fn, [item, ...others]);
      if (!possible(m.pc)) return NONE;
      content = appendWhere(m, content, TRUE, v);
    }
    out = out === null ? content : ite(m.pc, content, out);
    return NONE;
  });
  return out ?? tuple([]);
}

/** A function that is called we do not know how often: what it does beside its result is done. */
function mappedUnknown(m: Machine, fn: Value, item: Unknown): Value {
  const { splat: _splat, among: _among, ...one } = item;
  const made = fn.t === "class" || fn.t === "native" ? item : callValue(m, fn, [one]);
  return made.t === "unknown"
    ? { ...made, splat: true }
    : unknown(item.reason, { splat: true, ...(item.from ? { from: item.from } : {}) });
}

function filteredBy(m: Machine, fn: Value, v: Value): Value {
  let out: Value = tuple([]);
  each(m, v, (c) => {
    for (const item of itemsIn(c)) {
      if (item.t === "unknown" && item.splat) {
        out = appendWhere(m, out, m.pc, item);
        continue;
      }
      const keep = truthOf(m, fn.t === "none" ? item : callValue(m, fn, [item]));
      if (!possible(m.pc)) return NONE;
      out = appendWhere(m, out, and(m.pc, keep), item);
    }
    return NONE;
  });
  return narrow(m, out);
}

function extreme(m: Machine, args: Value[], kwargs: Map<string, Value>, sign: number): Value {
  const key = kwargs.get("key");
  const best = (found: Value[]): Value => {
    if (found.length === 0)
      return kwargs.get("default") ?? raise(m, "ValueError", "arg is an empty sequence");
    if (loose(found)) return gap("the largest of values that are not known");
    let top = found[0] as Value;
    for (const x of found.slice(1)) {
      const [a, b] = key && key.t !== "none" ? [callValue(m, key, [x]), callValue(m, key, [top])] : [x, top];
      const by = order(m, a, b);
      if (by === null) return gap("the largest of values that are not known");
      if (by * sign > 0) top = x;
    }
    return top;
  };
  if (args.length > 1) return pure(m, args, (found) => best(found));
  return pure(m, [itemsOrRaise(m, args[0] ?? NONE)], ([c]) => pure(m, itemsIn(c), (found) => best(found)));
}
