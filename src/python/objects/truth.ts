import { pure } from "../logic/apply.ts";
import { elementsOf } from "../logic/condensed.ts";
import { or } from "../logic/decide.ts";
import { lineage } from "../logic/exceptions.ts";
import { asCondition, factAbout } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import type { Obj, Unknown, Value } from "../logic/values.ts";
import { bool, FALSE, itemsIn, TRUE, unknown } from "../logic/values.ts";
import { keysOf } from "./items-of.ts";

/** The condition under which Python takes a value for true. */
export function truth(m: Machine, v: Value): Value {
  return asCondition(
    m,
    pure(m, [v], ([o]) => leafTruth(m, o as Obj)),
  );
}

function leafTruth(m: Machine, o: Obj): Value {
  switch (o.t) {
    case "none":
      return FALSE;
    case "bool":
      return o;
    case "num":
      return bool(o.v !== 0);
    case "str":
    case "bytes":
      return bool(o.v !== "");
    case "tuple":
      return someItem(m, o.items);
    case "list":
    case "set":
      if (o.once) return TRUE;
      return pure(m, [o.content], ([c]) => someItem(m, itemsIn(c)));
    case "dict": {
      let any: Value = FALSE;
      for (const { when } of keysOf(o)) any = or(any, when);
      return o.open ? or(any, factAbout(m, o.open, "has keys")) : any;
    }
    case "unknown":
      if (o.truthy !== undefined) return bool(o.truthy);
      if (o.length !== undefined) return bool(o.length > 0);
      return factAbout(m, o, "truth");
    case "instance": {
      // timedelta() and the like carry their truth as a number.
      const total = o.scope.slots.get("_total") ?? o.scope.slots.get("\0value");
      if (total) return truth(m, total);
      const line = lineage(o.cls);
      if (
        o.cls.scope.places &&
        line.some(({ scope: { slots } }) => slots.has("__bool__") || slots.has("__len__"))
      )
        return factAbout(m, unknownTruth(o), "truth");
      const open = o.scope.slots.get("\0open") ?? line.find((c) => c.unknownBase)?.unknownBase;
      return open ? factAbout(m, open as Unknown, "truth") : TRUE;
    }
    default:
      return TRUE;
  }
}

function someItem(m: Machine, items: Value[]): Value {
  let any: Value = FALSE;
  for (const item of items) {
    if (item.t !== "unknown" || !item.splat) return TRUE;
    const among = elementsOf(item);
    if (among) for (const { when } of among) any = or(any, when);
    else any = or(any, factAbout(m, item, "truth"));
  }
  return any;
}

const unknownTruths = new WeakMap<Obj, Unknown>();

/**
 * Who only looks at values calls no methods of the project: what `__bool__` or `__len__` would say is not known, but it is
 * the same each time.
 */
function unknownTruth(o: Obj & { t: "instance" }): Unknown {
  const known = unknownTruths.get(o) ?? unknown(`what an object of ${o.cls.name} is taken for`);
  unknownTruths.set(o, known);
  return known;
}
