import { setAttribute } from "../builtins/set-attributes.ts";
import { pure } from "../logic/apply.ts";
import { ite, possible } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise } from "../logic/outcomes.ts";
import { scopeFor, write } from "../logic/scopes.ts";
import type { Value } from "../logic/values.ts";
import { itemsIn, list } from "../logic/values.ts";
import { setItem } from "../objects/items.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import type { Expr } from "../source/parse.ts";

/** Gives a value to a name, an attribute, an item, or to several by unpacking. */
export function assign(m: Machine, target: Expr, v: Value): void {
  switch (target.nodeType) {
    case "Name":
      write(m, scopeFor(m, target.id), target.id, v);
      return;
    case "Attribute":
      setAttribute(m, m.core.evaluate(m, target.value), target.attr, v);
      return;
    case "Subscript": {
      const of = m.core.evaluate(m, target.value);
      setItem(m, of, m.core.evaluate(m, target.slice), v);
      touch(m, target.value);
      return;
    }
    case "Tuple":
    case "List":
      unpack(m, target.elts, v);
      return;
    case "Starred":
      assign(m, target.value, v);
      return;
    default:
      return;
  }
}

/** A part of a setting was changed here: remember the place for messages about it. */
export function touch(m: Machine, node: Expr): void {
  let base = node;
  while (base.nodeType === "Subscript" || base.nodeType === "Attribute") base = base.value;
  if (base.nodeType !== "Name") return;
  const { places } = m.frame.scope;
  const old = places?.get(base.id);
  if (places && old) places.set(base.id, ite(m.pc, m.here, old));
}

function unpack(m: Machine, targets: Expr[], v: Value): void {
  const content = itemsOrRaise(m, v);
  if (!possible(m.pc)) return;
  const star = targets.findIndex((t) => t.nodeType === "Starred");
  for (const [i, target] of targets.entries()) {
    const item = pure(m, [content], ([c]) => {
      const items = itemsIn(c);
      const open = items.find((x) => x.t === "unknown" && x.splat);
      if (open?.t === "unknown") return gap(open.reason, open.from ? { from: open.from } : {});
      if (star < 0 && items.length !== targets.length)
        return raise(
          m,
          "ValueError",
          items.length < targets.length ? "not enough values to unpack" : "too many values to unpack",
        );
      if (star >= 0 && items.length < targets.length - 1)
        return raise(m, "ValueError", "not enough values to unpack");
      const after = targets.length - star - 1;
      if (i === star) return list(items.slice(star, items.length - after), m.pc);
      return items[star >= 0 && i > star ? items.length - (targets.length - i) : i] as Value;
    });
    if (!possible(m.pc)) return;
    assign(m, target, item);
  }
}
