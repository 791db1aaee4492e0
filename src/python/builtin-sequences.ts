import type { Call } from "./builtins.ts";
import { callMethod, callValue } from "./calls.ts";
import { and, ite, or, possible } from "./decide.ts";
import { each, type Machine, narrow, pure, raise } from "./machine.ts";
import { appendWhere, itemsOrRaise, sorted } from "./methods/lists.ts";
import { binary, order } from "./operators.ts";
import { truth } from "./truth.ts";
import type { Tuple, Value } from "./values.ts";
import { FALSE, itemsIn, list, NONE, num, TRUE, tuple, unknown } from "./values.ts";

export function sequences(m: Machine): Record<string, Call> {
  const listOf = (content: Value): Value => ({ ...list([], m.pc), content });
  const over = (v: Value, fn: (items: Value[]) => Value): Value =>
    pure(m, [itemsOrRaise(m, v)], ([c]) => fn(itemsIn(c)));
  const loose = (items: Value[]): boolean => items.some((i) => i.t === "unknown" && i.splat === true);
  return {
    len: ([v = NONE]) =>
      each(m, v, (o) => {
        if (o.t === "str" || o.t === "bytes") return num([...o.v].length);
        if (o.t === "unknown")
          return o.length === undefined
            ? unknown(o.reason, { type: "int", ...(o.from ? { from: o.from } : {}) })
            : num(o.length);
        if (o.t === "instance") return callMethod(m, o, "__len__", []);
        return over(o, (items) => (loose(items) ? unknown("a length", { type: "int" }) : num(items.length)));
      }),
    range: (args) =>
      pure(m, args, (found) => {
        const [a = 0, b, by = 1] = found.map((o) => (o.t === "num" ? o.v : Number.NaN));
        const [from, to] = b === undefined ? [0, a] : [a, b];
        const n = Math.ceil((to - from) / by);
        if (!(n <= 5000)) return tuple([unknown("a long range", { splat: true })]);
        return tuple(Array.from({ length: Math.max(0, n) }, (_, i) => num(from + i * by)));
      }),
    enumerate: ([v = NONE, start = num(0)]) =>
      listOf(
        over(v, (items) =>
          tuple(
            items.map((x, i) =>
              x.t === "unknown" && x.splat ? x : tuple([binary(m, "Add", start, num(i)), x]),
            ),
          ),
        ),
      ),
    zip: (args) =>
      listOf(
        pure(
          m,
          args.map((a) => itemsOrRaise(m, a)),
          (cs) => {
            const rows = (cs as Tuple[]).map((c) => c.items);
            const n = Math.min(...rows.map((r) => r.length));
            return tuple(
              Array.from({ length: rows.length ? n : 0 }, (_, i) => tuple(rows.map((r) => r[i] as Value))),
            );
          },
        ),
      ),
    map: ([fn = NONE, ...lists]) => listOf(mapped(m, fn, lists)),
    filter: ([fn = NONE, v = NONE]) => listOf(filteredBy(m, fn, v)),
    sorted: ([v = NONE], kwargs) => {
      const key = kwargs.get("key");
      const down = kwargs.get("reverse");
      return listOf(
        over(v, (items) => {
          const out = sorted(m, items, key && key.t !== "none" ? (x) => callValue(m, key, [x]) : undefined);
          return tuple(down?.t === "bool" && down.v ? out.reverse() : out);
        }),
      );
    },
    reversed: ([v = NONE]) => listOf(over(v, (items) => tuple([...items].reverse()))),
    sum: ([v = NONE, start = num(0)]) =>
      over(v, (items) => items.reduce((a, b) => binary(m, "Add", a, b), start)),
    min: (args, kwargs) => extreme(m, args, kwargs, -1),
    max: (args, kwargs) => extreme(m, args, kwargs, 1),
    any: ([v = NONE]) => over(v, (items) => items.reduce<Value>((a, b) => or(a, truth(m, b)), FALSE)),
    all: ([v = NONE]) => over(v, (items) => items.reduce<Value>((a, b) => and(a, truth(m, b)), TRUE)),
    iter: ([v = NONE]) => listOf(itemsOrRaise(m, v)),
    next: ([v = NONE, fallback]) =>
      over(v, (items) => {
        const first = items[0];
        if (first === undefined) return fallback ?? raise(m, "StopIteration", "");
        return first.t === "unknown" && first.splat ? unknown(first.reason) : first;
      }),
    slice: (args) => ({
      t: "slice",
      lower: args.length > 1 ? (args[0] ?? NONE) : NONE,
      upper: args[args.length > 1 ? 1 : 0] ?? NONE,
      step: args[2] ?? NONE,
    }),
  };
}

function mapped(m: Machine, fn: Value, lists: Value[]): Value {
  const rows = lists.map((l) => itemsOrRaise(m, l));
  let out: Value | null = null;
  each(m, rows[0] ?? tuple([]), (c) => {
    let content: Value = tuple([]);
    for (const [i, item] of itemsIn(c).entries()) {
      const others = rows.slice(1).map((r) => (r.t === "tuple" ? (r.items[i] ?? NONE) : NONE));
      const v = item.t === "unknown" && item.splat ? item : callValue(m, fn, [item, ...others]);
      if (!possible(m.pc)) return NONE;
      content = appendWhere(m, content, TRUE, v);
    }
    out = out === null ? content : ite(m.pc, content, out);
    return NONE;
  });
  return out ?? tuple([]);
}

function filteredBy(m: Machine, fn: Value, v: Value): Value {
  let out: Value = tuple([]);
  each(m, itemsOrRaise(m, v), (c) => {
    for (const item of itemsIn(c)) {
      if (item.t === "unknown" && item.splat) {
        out = appendWhere(m, out, m.pc, item);
        continue;
      }
      const keep = truth(m, fn.t === "none" ? item : callValue(m, fn, [item]));
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
    let top = found[0] as Value;
    for (const x of found.slice(1)) {
      const [a, b] = key ? [callValue(m, key, [x]), callValue(m, key, [top])] : [x, top];
      const by = order(m, a, b);
      if (by === null) return unknown("the largest of values that are not known");
      if (by * sign > 0) top = x;
    }
    return top;
  };
  if (args.length > 1) return pure(m, args, (found) => best(found));
  return pure(m, [itemsOrRaise(m, args[0] ?? NONE)], ([c]) => pure(m, itemsIn(c), (found) => best(found)));
}
