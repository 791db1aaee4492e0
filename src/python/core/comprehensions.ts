import { each } from "../logic/apply.ts";
import { compact, elementsOf } from "../logic/condensed.ts";
import { and, not, or, possible } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { step } from "../logic/steps.ts";
import type { Value } from "../logic/values.ts";
import { dict, FALSE, itemsIn, NONE, scope, TRUE, tuple, unknown } from "../logic/values.ts";
import { narrow, simplified } from "../logic/worlds.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { appendWhere } from "../objects/list-content.ts";
import { dictSet } from "../objects/methods/dicts.ts";
import { truthOf } from "../objects/operators/by-method.ts";
import type { Expr } from "../source/parse.ts";
import { assign } from "./assign.ts";

type Generators = (Expr & { nodeType: "ListComp" })["generators"];

/** The tuple that a comprehension makes; conditions that are not known make its content a choice. */
export function comprehension(
  m: Machine,
  generators: Generators,
  element: () => Value,
  first: Value | null = null,
): Value {
  let content: Value = tuple([]);
  inChild(m, () =>
    loop(m, generators, 0, first, (loose) => {
      const v = element();
      const item: Value =
        loose && v.t === "unknown" ? { ...v, splat: true } : loose ? unknown(loose, { splat: true }) : v;
      if (possible(m.pc)) content = appendWhere(m, content, m.pc, item);
    }),
  );
  return narrow(m, content);
}

export function dictComprehension(m: Machine, node: Expr & { nodeType: "DictComp" }): Value {
  const d = dict(m.pc);
  inChild(m, () =>
    loop(m, node.generators, 0, null, (loose) => {
      const key = m.core.evaluate(m, node.key);
      const v = m.core.evaluate(m, node.value);
      if (loose) d.open = unknown(loose);
      else if (possible(m.pc)) dictSet(m, d, key, v);
    }),
  );
  return d;
}

function inChild(m: Machine, run: () => void): void {
  const parent = m.frame;
  const { locals: _locals, ...own } = parent;
  m.frame = { ...own, scope: scope(m.pc), parent, outer: new Map(), isClass: false };
  run();
  m.frame = parent;
}

/** Runs `body` for every element in its worlds; `loose` says why the number of elements is not known. */
function loop(
  m: Machine,
  generators: Generators,
  n: number,
  first: Value | null,
  body: (loose: string | null) => void,
  loose: string | null = null,
): void {
  const g = generators[n];
  if (!g) {
    body(loose);
    return;
  }
  const source = compact(first ?? itemsOrRaise(m, m.core.evaluate(m, g.iter)));
  const start = m.pc;
  if (!possible(start)) return;
  let end: Value = FALSE;
  each(m, source, (c) => {
    let here = m.pc;
    const all = itemsIn(c).flatMap((item) => elementsOf(item) ?? [{ item, when: TRUE }]);
    for (const { item, when: there } of all) {
      step(m);
      m.pc = simplified(m, and(here, there));
      if (!possible(m.pc)) continue;
      // Worlds that go on to the next element: those without this one, those in which a test fails, and what is left.
      let on = and(here, not(there));
      const open = item.t === "unknown" && item.splat ? item.reason : loose;
      assign(m, g.target, item.t === "unknown" && item.splat ? unknown(item.reason) : narrow(m, item));
      for (const test of g.ifs) {
        const tested = truthOf(m, m.core.evaluate(m, test));
        const when = open ? fact(m, open) : tested;
        on = or(on, and(m.pc, not(when)));
        m.pc = simplified(m, and(m.pc, when));
        if (!possible(m.pc)) break;
      }
      if (possible(m.pc)) loop(m, generators, n + 1, null, body, open);
      here = simplified(m, or(on, m.pc));
    }
    m.pc = here;
    end = or(end, m.pc);
    return NONE;
  });
  m.pc = simplified(m, end);
}
