import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import type { Call, Class, Dict, Value } from "../logic/values.ts";
import { list, NONE, scope, tuple } from "../logic/values.ts";
import { callValue } from "../objects/calls.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { type Entries, fn } from "./entries.ts";

function kindOf(name: string, construct: Call): Class {
  return { t: "class", name, bases: [], unknownBase: null, scope: scope(), construct };
}

function kindOfDict(m: Machine, kind: string, args: Value[], kwargs: Map<string, Value>): Dict {
  const made = callValue(m, m.builtins.get("dict") as Value, args, kwargs);
  return made.t === "dict" ? { ...made, kind } : gap(kind);
}

/** `collections` and `itertools`. */
export const COLLECTIONS: Record<string, (m: Machine) => Entries> = {
  itertools: (m) => ({
    chain: fn("chain", (args) => {
      const sum = m.builtins.get("sum") as Value;
      const asList = m.builtins.get("list") as Value;
      const made = callValue(m, sum, [list(args.map((a) => callValue(m, asList, [a]))), list([], m.pc)]);
      return made.t === "list" ? { ...made, kind: "chain", once: true } : gap("itertools.chain()");
    }),
  }),
  collections: (m) => ({
    OrderedDict: kindOf("OrderedDict", (args, kwargs) => kindOfDict(m, "OrderedDict", args, kwargs)),
    defaultdict: kindOf("defaultdict", ([factory = NONE, ...args], kwargs) => {
      if (!/^(none|func|native|bound|class|unknown)$/.test(factory.t)) return gap("a defaultdict");
      return { ...kindOfDict(m, "defaultdict", args, kwargs), ...(factory.t === "none" ? {} : { factory }) };
    }),
    namedtuple: fn("namedtuple", () => gap("a namedtuple")),
    ChainMap: fn("ChainMap", () => gap("a ChainMap")),
    deque: kindOf("deque", ([items = tuple([]), ...more], kwargs) =>
      more.length + kwargs.size > 0
        ? gap("a deque of limited length")
        : { ...list([], m.pc), content: itemsOrRaise(m, items), kind: "deque" },
    ),
  }),
};
