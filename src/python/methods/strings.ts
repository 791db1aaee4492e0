import { type Machine, pure, raise } from "../machine.ts";
import { concat, formatCall, toText } from "../text.ts";
import { itemsOf } from "../truth.ts";
import type { Obj, Value } from "../values.ts";
import { bool, itemsIn, list, NONE, num, str, tuple, typeName, unknown } from "../values.ts";
import { interest } from "../variables.ts";

type Lookup = (v: Value, path: string) => Value;

/** `"text".name(...)`; null when strings have no such method. */
export function stringMethod(
  m: Machine,
  self: { t: "str" | "bytes"; v: string },
  name: string,
  args: Value[],
  kwargs: Map<string, Value>,
  lookup: Lookup,
): Value | null {
  if (name === "join") return join(m, self.v, args[0] ?? NONE);
  if (name === "format") return formatCall(m, self.v, args, kwargs, lookup);
  if (name === "format_map") {
    const map = args[0];
    return formatCall(m, self.v, [], map?.t === "dict" ? map.scope.slots : new Map(), lookup);
  }
  const known = METHODS[name];
  if (!known) return null;
  const all = [...args, ...kwargs.values()];
  return pure(m, all, (found) => {
    const hidden = found.find((o) => o.t === "unknown");
    if (hidden?.t === "unknown") return unknown(hidden.reason, hidden.from ? { from: hidden.from } : {});
    const result = known(m, self.v, found, kwargs);
    return self.t === "bytes" && result.t === "str" ? { t: "bytes", v: result.v } : result;
  });
}

const text = (o: Obj | undefined): string | null =>
  o === undefined || o.t === "none" ? null : o.t === "str" || o.t === "bytes" ? o.v : null;
const whole = (o: Obj | undefined): number | null => (o?.t === "num" ? o.v : null);

/** The text, or TypeError. */
function needText(m: Machine, o: Obj | undefined): string {
  const t = text(o);
  return t ?? raise(m, "TypeError", `expected str, got ${o ? typeName(o) : "nothing"}`);
}

function strip(set: string | null, side: "l" | "r" | "b"): (s: string) => string {
  const inside = (c: string): boolean => (set === null ? /\s/.test(c) : set.includes(c));
  return (s) => {
    let from = 0;
    let to = s.length;
    if (side !== "r") while (from < to && inside(s[from] as string)) from++;
    if (side !== "l") while (to > from && inside(s[to - 1] as string)) to--;
    return s.slice(from, to);
  };
}

function split(s: string, separator: string | null, limit: number | null): string[] {
  if (separator === null) {
    const parts = s.trim() === "" ? [] : s.trim().split(/\s+/);
    if (limit === null || limit < 0 || parts.length <= limit + 1) return parts;
    const rest = new RegExp(`^\\s*(?:\\S+\\s+){${limit}}`).exec(s)?.[0].length ?? 0;
    return [...parts.slice(0, limit), s.slice(rest)];
  }
  const parts = s.split(separator);
  if (limit === null || limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function rsplit(s: string, separator: string | null, limit: number | null): string[] {
  const parts = split(s, separator, null);
  if (limit === null || limit < 0 || parts.length <= limit + 1) return parts;
  const head = parts.slice(0, parts.length - limit).join(separator ?? " ");
  return [head, ...parts.slice(parts.length - limit)];
}

const title = (s: string): string =>
  s.toLowerCase().replace(/\p{L}+/gu, (w) => w[0]?.toUpperCase() + w.slice(1));

type Method = (m: Machine, s: string, args: Obj[], kwargs: Map<string, Value>) => Obj;

const strings = (m: Machine, parts: string[]): Obj => list(parts.map(str), m.pc);
const affixes = (m: Machine, o: Obj | undefined): string[] =>
  o?.t === "tuple" ? o.items.flatMap((i) => (i.t === "str" ? [i.v] : [])) : [needText(m, o)];
const maxOf = (args: Obj[], kwargs: Map<string, Value>): number | null =>
  whole(args[1]) ?? (kwargs.has("maxsplit") ? whole(args.at(-1)) : null);

const METHODS: Record<string, Method> = {
  lower: (_m, s) => str(s.toLowerCase()),
  casefold: (_m, s) => str(s.toLowerCase()),
  upper: (_m, s) => str(s.toUpperCase()),
  title: (_m, s) => str(title(s)),
  capitalize: (_m, s) => str(s.charAt(0).toUpperCase() + s.slice(1).toLowerCase()),
  swapcase: (_m, s) =>
    str([...s].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("")),
  strip: (_m, s, [set]) => str(strip(text(set), "b")(s)),
  lstrip: (_m, s, [set]) => str(strip(text(set), "l")(s)),
  rstrip: (_m, s, [set]) => str(strip(text(set), "r")(s)),
  split: (m, s, args, kw) => strings(m, split(s, text(args[0]), maxOf(args, kw))),
  rsplit: (m, s, args, kw) => strings(m, rsplit(s, text(args[0]), maxOf(args, kw))),
  splitlines: (m, s) => strings(m, s === "" ? [] : s.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n")),
  partition: (m, s, [sep]) => {
    const by = needText(m, sep);
    const at = s.indexOf(by);
    return at < 0
      ? tuple([str(s), str(""), str("")])
      : tuple([str(s.slice(0, at)), str(by), str(s.slice(at + by.length))]);
  },
  rpartition: (m, s, [sep]) => {
    const by = needText(m, sep);
    const at = s.lastIndexOf(by);
    return at < 0
      ? tuple([str(""), str(""), str(s)])
      : tuple([str(s.slice(0, at)), str(by), str(s.slice(at + by.length))]);
  },
  replace: (m, s, args) => {
    const [from, to] = [needText(m, args[0]), needText(m, args[1])];
    const limit = whole(args[2]);
    if (limit === null || limit < 0) return str(s.split(from).join(to));
    return str(split(s, from, limit).join(to));
  },
  startswith: (m, s, [p]) => bool(affixes(m, p).some((a) => s.startsWith(a))),
  endswith: (m, s, [p]) => bool(affixes(m, p).some((a) => s.endsWith(a))),
  removeprefix: (m, s, [p]) => str(s.startsWith(needText(m, p)) ? s.slice(needText(m, p).length) : s),
  removesuffix: (m, s, [p]) => {
    const t = needText(m, p);
    return str(t && s.endsWith(t) ? s.slice(0, s.length - t.length) : s);
  },
  find: (m, s, [p]) => num(s.indexOf(needText(m, p))),
  rfind: (m, s, [p]) => num(s.lastIndexOf(needText(m, p))),
  index: (m, s, [p]) => {
    const at = s.indexOf(needText(m, p));
    return at < 0 ? raise(m, "ValueError", "substring not found") : num(at);
  },
  count: (m, s, [p]) => num(s.split(needText(m, p)).length - 1),
  isdigit: (_m, s) => bool(/^\d+$/.test(s)),
  isdecimal: (_m, s) => bool(/^\d+$/.test(s)),
  isnumeric: (_m, s) => bool(/^\d+$/.test(s)),
  isalpha: (_m, s) => bool(/^\p{L}+$/u.test(s)),
  isalnum: (_m, s) => bool(/^[\p{L}\d]+$/u.test(s)),
  isspace: (_m, s) => bool(/^\s+$/.test(s)),
  isupper: (_m, s) => bool(s !== s.toLowerCase() && s === s.toUpperCase()),
  islower: (_m, s) => bool(s !== s.toUpperCase() && s === s.toLowerCase()),
  isidentifier: (_m, s) => bool(/^[A-Za-z_]\w*$/.test(s)),
  zfill: (_m, s, [n]) => str(s.padStart(whole(n) ?? 0, "0")),
  ljust: (_m, s, [n, f]) => str(s.padEnd(whole(n) ?? 0, text(f) ?? " ")),
  rjust: (_m, s, [n, f]) => str(s.padStart(whole(n) ?? 0, text(f) ?? " ")),
  center: (_m, s, [n]) => str(s.padStart(Math.floor(((whole(n) ?? 0) + s.length) / 2)).padEnd(whole(n) ?? 0)),
  expandtabs: (_m, s) => str(s.replace(/\t/g, "        ")),
  encode: (_m, s) => ({ t: "bytes", v: s }),
  decode: (_m, s) => str(s),
};

/** Does a text have an attribute of this name? */
export function isStringAttribute(name: string): boolean {
  return name in METHODS || /^(join|format|format_map|translate|maketrans|__\w+__)$/.test(name);
}

/** Names of the methods that tell a variable's texts apart, for trying their arguments. */
export function noteInterest(m: Machine, self: Value, name: string, args: Value[]): void {
  if (name !== "startswith" && name !== "endswith") return;
  for (const a of args) if (a.t === "str") interest(m, self, a.v);
}

function join(m: Machine, separator: string, items: Value): Value {
  return pure(m, [items], ([o]) => {
    if (!o || o.t === "unknown") return { ...unknown(o?.reason ?? "a join"), type: "str" };
    const content = itemsOf(m, o);
    if (!content) return raise(m, "TypeError", "can only join an iterable");
    return pure(m, [content], ([c]) => {
      const parts = itemsIn(c);
      for (const p of parts)
        if (p.t === "num" || p.t === "none" || p.t === "bool")
          return raise(m, "TypeError", "sequence item: expected str instance");
      return concat(
        m,
        parts.map((p) =>
          p.t === "unknown" && p.splat ? { ...unknown(p.reason), type: "str" } : toText(m, p),
        ),
        (texts) => texts.join(separator),
      );
    });
  });
}
