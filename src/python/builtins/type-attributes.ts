import { pure } from "../logic/apply.ts";
import { leaves, possible } from "../logic/decide.ts";
import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import { exactType } from "../logic/proofs.ts";
import type { Class, List, Obj, Value } from "../logic/values.ts";
import { itemsIn, list, NONE, native, tuple } from "../logic/values.ts";
import { isKindOf, typeAttribute } from "../names/index.ts";
import { callValue } from "../objects/calls.ts";
import { getItem } from "../objects/items.ts";
import { itemsOrRaise, startAll } from "../objects/iterate.ts";
import { dictMethod } from "../objects/methods/dicts.ts";
import { isListMethod, listMethod } from "../objects/methods/lists.ts";
import { numberAttribute } from "../objects/methods/numbers.ts";
import { isSetMethod, setMethod } from "../objects/methods/sets.ts";
import {
  fromHex,
  isStringMethod,
  noteInterest,
  stringMethod,
  translation,
} from "../objects/methods/strings.ts";
import { compare } from "../objects/operators/comparisons.ts";

type Follow = (v: Value, path: string) => Value;

/** The modelled attributes of Python's own types; null for all others. */
export function builtinAttribute(m: Machine, o: Obj, name: string, follow: Follow): Value | null {
  const type = exactType(o);
  if (type === null || !typeAttribute(type, name)) return null;
  const special = protocol(m, o, name);
  if (special) return special;
  switch (o.t) {
    case "str":
    case "bytes":
      if (!isStringMethod(name)) return null;
      return native(name, (args, kwargs) => {
        for (const a of args) noteInterest(m, o, name, [a]);
        startAll(m, args);
        return stringMethod(m, o, name, args, kwargs, follow);
      });
    case "list":
      if (o.kind && o.kind !== "deque") return null;
      return isListMethod(name) ? native(name, (args, kwargs) => listMethod(m, o, name, args, kwargs)) : null;
    case "set":
      return isSetMethod(name) ? native(name, (args, kwargs) => setMethod(m, o, name, args, kwargs)) : null;
    case "tuple": {
      if (name !== "index" && name !== "count") return null;
      return native(name, (args, kwargs) => listMethod(m, asList(m, o), name, args, kwargs));
    }
    case "dict":
      return dictMethod(m, o, name);
    case "num":
    case "bool":
      return numberAttribute(m, o, name);
    default:
      return null;
  }
}

const asList = (m: Machine, o: Value): List => ({ ...list([], m.pc), content: o });

/** The methods by which operators work are the operators: `"a".__contains__("b")`. */
const PROTOCOL: Record<string, string> = {
  __len__: "len",
  __str__: "str",
  __repr__: "repr",
  __bool__: "bool",
  __iter__: "iter",
  __next__: "next",
  __int__: "int",
  __float__: "float",
};

const OPERATIONS: Record<string, (m: Machine, self: Value, a: Value) => Value> = {
  __getitem__: getItemOf,
  __contains__: containsOf,
};

function getItemOf(m: Machine, self: Value, a: Value): Value {
  return getItem(m, self, a);
}

function containsOf(m: Machine, self: Value, a: Value): Value {
  return compare(m, "In", a, self);
}

function protocol(m: Machine, o: Obj, name: string): Value | null {
  const by = PROTOCOL[name];
  const fn = by ? m.builtins.get(by) : undefined;
  if (fn) return native(name, (args) => (args.length > 0 ? gap(name) : callValue(m, fn, [o])));
  const operation = OPERATIONS[name];
  return operation
    ? native(name, ([a, ...more]) => (a && more.length === 0 ? operation(m, o, a) : gap(name)))
    : null;
}

/** Is an object of a type, or of one below it? */
function isOf(o: Obj, type: string): boolean {
  const own = exactType(o);
  return own !== null && isKindOf(own, type);
}

/** `str.strip`, `dict.fromkeys`: attributes of the types themselves; null for what is not modelled. */
export function unboundAttribute(
  m: Machine,
  cls: Class,
  name: string,
  get: (o: Value) => Value,
): Value | null {
  const made = classMethods(m, cls, name);
  if (made) return made;
  if (
    typeAttribute(cls.name, name)?.has !== "method" ||
    /^__(new|init|class|subclasshook|init_subclass)/.test(name)
  )
    return null;
  return native(name, ([self, ...args], kwargs) => {
    if (self && leaves(self).every((o) => isOf(o, cls.name))) return callValue(m, get(self), args, kwargs);
    forget(m, [...(self ? [self] : []), ...args, ...kwargs.values()], `${cls.name}.${name}`);
    return gap(`${cls.name}.${name}`);
  });
}

const pairOf = (k: Value, v: Value): Value => (k.t === "unknown" && k.splat ? k : tuple([k, v]));

function classMethods(m: Machine, cls: Class, name: string): Value | null {
  if (name === "fromkeys" && cls.name === "dict")
    return native(name, ([keys = NONE, v = NONE]) => {
      const pairs = itemsOrRaise(m, keys);
      if (!possible(m.pc)) return NONE;
      return callValue(m, cls, [
        { ...list([], m.pc), content: pure(m, [pairs], ([c]) => tuple(itemsIn(c).map((k) => pairOf(k, v)))) },
      ]);
    });
  if (name === "maketrans" && cls.name === "str") return native(name, (args) => translation(m, args));
  if (name === "fromhex" && cls.name === "bytes") return native(name, ([text = NONE]) => fromHex(m, text));
  return null;
}
