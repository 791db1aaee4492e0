import { attempt, each, pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone } from "../logic/proofs.ts";
import type { Call, Class, Dict, Instance, Value } from "../logic/values.ts";
import { bool, dict, list, MISSING, NONE, nextId, num, scope, tuple, unknown } from "../logic/values.ts";
import { spend } from "../logic/work.ts";
import { callValue } from "../objects/calls.ts";
import { parseModule } from "../source/parse.ts";
import { type Entries, fn } from "./entries.ts";
import { isStandard } from "./standard.ts";

/** What Python and Django load of their own is there unseen. */
const notLoaded = (name: string): Value =>
  /^django\b/.test(name) || isStandard(name.split(".")[0] as string)
    ? unknown(`sys.modules["${name}"]`)
    : MISSING;

/** sys.modules: the modules that have been loaded so far. */
export function sysModules(m: Machine): Value {
  const find = (name: Value): Value =>
    name.t === "str"
      ? (m.modules.get(name.v)?.module ?? notLoaded(name.v))
      : unknown("a module whose name is not known");
  const cls: Class = { t: "class", name: "dict", bases: [], unknownBase: null, scope: scope() };
  const method = (name: string, call: Call): void => {
    cls.scope.slots.set(name, fn(name, call));
  };
  method("__getitem__", ([name = NONE]) => {
    const found = find(name);
    return found.t === "missing" ? raise(m, "KeyError", "no such module") : found;
  });
  method("get", ([name = NONE, other = NONE]) => {
    const found = find(name);
    return found.t === "missing" ? other : found;
  });
  method("pop", ([name = NONE, ...other]) => {
    const found = find(name);
    if (found.t !== "missing") return found;
    return other[0] ?? raise(m, "KeyError", "no such module");
  });
  method("__contains__", ([name = NONE]) => {
    const found = find(name);
    return found.t === "unknown" ? found : bool(found.t !== "missing");
  });
  return { t: "instance", cls, scope: scope(), id: nextId() };
}

/** `inspect.getmembers(object)`. */
export function members(m: Machine, o: Value): Value {
  const dir = m.builtins.get("dir") as Value;
  const names = callValue(m, dir, [o]);
  if (names.t !== "list" || names.content.t !== "tuple") return unknown("inspect.getmembers()");
  return list(
    names.content.items.map((n) => tuple([n, n.t === "str" ? m.core.getAttribute(m, o, n.v, NONE) : NONE])),
    m.pc,
  );
}

export function made(cls: Class, slots: Entries): Instance {
  const self: Instance = { t: "instance", cls, scope: scope(), id: nextId() };
  for (const [k, v] of Object.entries(slots)) self.scope.slots.set(k, v);
  return self;
}

export function timedelta(m: Machine): Class {
  const cls: Class = { t: "class", name: "timedelta", bases: [], unknownBase: null, scope: scope() };
  const SECONDS = [86400, 1, 1e-6, 1e-3, 60, 3600, 604800];
  const NAMES = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
  cls.construct = (args, kwargs) => {
    const parts = NAMES.map((n, i) => args[i] ?? kwargs.get(n) ?? num(0));
    const total = pure(m, parts, (found) => {
      let sum = 0;
      for (const [i, o] of found.entries()) {
        if (o.t === "unknown")
          return unknown(o.reason, { type: "float", ...(o.from ? { from: o.from } : {}) });
        if (o.t !== "num" && o.t !== "bool")
          return raiseProven(
            m,
            isNone(o, "int", "float"),
            "TypeError",
            "unsupported type for timedelta component",
          );
        sum += Number(o.v) * (SECONDS[i] as number);
      }
      return num(sum, true);
    });
    return made(cls, {
      _total: total,
      total_seconds: fn("total_seconds", () => total),
      seconds: pure(m, [total], ([o]) =>
        o?.t === "num" ? num(Math.floor(o.v) - Math.floor(o.v / 86400) * 86400) : gap("seconds"),
      ),
      days: pure(m, [total], ([o]) => (o?.t === "num" ? num(Math.floor(o.v / 86400)) : gap("days"))),
    });
  };
  return cls;
}

export function partial(): Class {
  const cls: Class = { t: "class", name: "partial", bases: [], unknownBase: null, scope: scope() };
  cls.construct = ([func = NONE, ...args], kwargs) => {
    if (!/^(func|native|bound|class|instance)$/.test(func.t)) return gap("functools.partial()");
    const named = dict();
    for (const [k, v] of kwargs) named.scope.slots.set(k, v);
    return made(cls, { func, args: tuple(args), kwargs: named });
  };
  return cls;
}

export function propertyLike(m: Machine): Value {
  const property = m.builtins.get("property") as Class;
  return fn("cached_property", (args) => property.construct?.(args, new Map()) ?? NONE);
}

export function reduce(m: Machine, f: Value, items: Value, start: Value | undefined): Value {
  const asList = callValue(m, m.builtins.get("list") as Value, [items]);
  if (asList.t !== "list" || asList.content.t !== "tuple") return gap("reduce()");
  const all = [...(start ? [start] : []), ...asList.content.items];
  const [first, ...rest] = all;
  if (first === undefined || all.some((x) => x.t === "unknown" && x.splat)) return gap("reduce()");
  let sum: Value = first;
  for (const x of rest) sum = callValue(m, f, [sum, x]);
  return sum;
}

export function copied(m: Machine, v: Value, deep: boolean): Value {
  return each(m, v, (o) => {
    spend();
    const inner = (x: Value): Value => (deep ? copied(m, x, true) : x);
    if (o.t === "list" && o.once) return gap("a copy of an iterator");
    if (o.t === "list" || o.t === "set")
      return {
        ...o,
        id: nextId(),
        born: m.pc,
        content: o.content.t === "tuple" ? tuple(o.content.items.map(inner)) : o.content,
      };
    if (o.t === "dict") {
      const { scope: fresh, id } = dict(m.pc);
      const d: Dict = { ...o, scope: fresh, id };
      for (const [k, x] of o.scope.slots) d.scope.slots.set(k, inner(x));
      return d;
    }
    if (o.t === "instance") return copiedInstance(m, o, inner);
    if (o.t === "tuple" && deep) return { ...o, items: o.items.map(inner) };
    return o;
  });
}

function copiedInstance(m: Machine, o: Instance, inner: (v: Value) => Value): Value {
  if (!o.cls.scope.places || o.cls.modelled) return gap(`a copy of a ${o.cls.name}`);
  const made: Instance = { ...o, scope: scope(m.pc), id: nextId() };
  for (const [k, v] of o.scope.slots) made.scope.slots.set(k, inner(v));
  return made;
}

/** `ast.literal_eval(text)`. */
export function literal(m: Machine, v: Value): Value {
  return each(m, v, (o) => {
    if (o.t !== "str")
      return gap(
        o.t === "unknown" ? o.reason : "literal_eval()",
        o.t === "unknown" && o.from ? { from: o.from } : {},
      );
    if (/[\n\\#]/.test(o.v)) return gap("literal_eval() of several lines");
    const parsed = parseModule(o.v.replace(/^[ \t]+/, "").trimEnd());
    const node = parsed.body[0];
    if (parsed.problems.length > 0 || node?.nodeType !== "Expr")
      return raise(m, "SyntaxError", "invalid syntax");
    if (parsed.body.length !== 1) return raise(m, "SyntaxError", "invalid syntax");
    if (!isLiteral(node.value)) return raise(m, "ValueError", "malformed node or string");
    return attempt(m, () => m.core.evaluate(m, node.value));
  });
}

function isLiteral(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return true;
  if (Array.isArray(node)) return node.every(isLiteral);
  const { nodeType } = node as { nodeType?: string };
  if (nodeType && !/^(Constant|List|Tuple|Dict|Set|UnaryOp|USub|UAdd|Load|BinOp|Add|Sub)$/.test(nodeType))
    return false;
  return Object.values(node).every(isLiteral);
}
