import { gap, raise } from "../../logic/outcomes.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { bool, num, str } from "../../logic/values.ts";
import { isByteSpace, isSpace } from "../../source/blanks.ts";
import { decoded, encoded } from "./string-encoding.ts";
import {
  ascii,
  isAscii,
  make,
  part,
  positioned,
  type Self,
  type StringMethod,
  text,
  whole,
} from "./string-self.ts";
import { lines, partition, split, strip } from "./string-split.ts";

function replaced(self: Self, [a, b, n]: (Obj | undefined)[]): Value {
  const [from, to] = [text(self, a), text(self, b)];
  const limit = whole(self.m, n, -1);
  const parts = from === "" ? ["", ...positioned(self), ""] : self.s.split(from);
  const keep = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  return make(
    self,
    parts.slice(0, keep + 1).join(to) +
      parts
        .slice(keep + 1)
        .map((p) => from + p)
        .join(""),
  );
}

function affix(self: Self, [given, from, to]: (Obj | undefined)[], at: "start" | "end"): Value {
  const all =
    given?.t === "tuple"
      ? given.items.map((i) => (i.t === "choice" ? gap("an affix") : text(self, i)))
      : [text(self, given)];
  const own = part(self, from, to);
  return bool(own !== null && all.some((a) => (at === "start" ? own.s.startsWith(a) : own.s.endsWith(a))));
}

function find(self: Self, [given, from, to]: (Obj | undefined)[], last: boolean, strict: boolean): Value {
  const wanted = text(self, given);
  const own = part(self, from, to);
  const at = own === null ? -1 : last ? own.s.lastIndexOf(wanted) : own.s.indexOf(wanted);
  if (own !== null && at >= 0) return num(own.start + at);
  return strict ? raise(self.m, "ValueError", "substring not found") : num(-1);
}

function count(self: Self, [given, from, to]: (Obj | undefined)[]): Value {
  const wanted = text(self, given);
  const own = part(self, from, to);
  return num(own === null ? 0 : wanted === "" ? own.s.length + 1 : own.s.split(wanted).length - 1);
}

function fill(self: Self, [n, by]: (Obj | undefined)[], where: "l" | "r" | "c"): Value {
  const s = positioned(self);
  const width = whole(self.m, n, 0);
  const pad = by === undefined ? " " : text(self, by);
  if ([...pad].length !== 1) return gap("a filling of several characters");
  const missing = Math.max(0, width - s.length);
  if (missing > 100_000) return gap("a very long text");
  const left = where === "r" ? missing : where === "l" ? 0 : (missing >> 1) + (missing & width & 1);
  return make(self, pad.repeat(left) + s + pad.repeat(missing - left));
}

function zeros(self: Self, n: Obj | undefined): Value {
  const s = positioned(self);
  const missing = Math.max(0, whole(self.m, n, 0) - s.length);
  if (missing > 100_000) return gap("a very long text");
  const sign = /^[+-]/.exec(s)?.[0] ?? "";
  return make(self, sign + "0".repeat(missing) + s.slice(sign.length));
}

function tabs(self: Self, size: Obj | undefined): Value {
  const by = whole(self.m, size, 8);
  let column = 0;
  let out = "";
  for (const c of self.s) {
    if (c === "\t") {
      const n = by > 0 ? by - (column % by) : 0;
      out += " ".repeat(n);
      column += n;
    } else {
      out += c;
      column = c === "\n" || c === "\r" ? 0 : column + 1;
    }
  }
  return make(self, out);
}

const test = (self: Self, rule: RegExp): Value => bool(rule.test(ascii(self)));
const changed = (self: Self, change: (s: string) => string): Value => make(self, change(ascii(self)));
const swapped = (c: string): string => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
const titled = (s: string): string =>
  s.replace(/[A-Za-z]+/g, (w) => (w[0] as string).toUpperCase() + w.slice(1).toLowerCase());

const none = (call: (self: Self) => Value): StringMethod => ({ least: 0, most: 0, call });

export const STRING_METHODS: Record<string, StringMethod> = {
  lower: none((self) =>
    self.kind === "str" && !/[İΣ]/.test(self.s)
      ? make(self, self.s.toLowerCase())
      : changed(self, (s) => s.toLowerCase()),
  ),
  casefold: none((self) => changed(self, (s) => s.toLowerCase())),
  upper: none((self) => changed(self, (s) => s.toUpperCase())),
  title: none((self) => changed(self, titled)),
  capitalize: none((self) => changed(self, (s) => s.charAt(0).toUpperCase() + s.slice(1).toLowerCase())),
  swapcase: none((self) => changed(self, (s) => s.replace(/[A-Za-z]/g, swapped))),
  strip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "b") },
  lstrip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "l") },
  rstrip: { least: 0, most: 1, call: (self, [set]) => strip(self, set, "r") },
  split: {
    least: 0,
    most: 2,
    names: ["sep", "maxsplit"],
    call: (self, [by, n]) => split(self, by, n, false),
  },
  rsplit: {
    least: 0,
    most: 2,
    names: ["sep", "maxsplit"],
    call: (self, [by, n]) => split(self, by, n, true),
  },
  splitlines: { least: 0, most: 1, names: ["keepends"], call: (self, [keep]) => lines(self, keep) },
  partition: { least: 1, most: 1, call: (self, [by]) => partition(self, by, false) },
  rpartition: { least: 1, most: 1, call: (self, [by]) => partition(self, by, true) },
  replace: { least: 2, most: 3, call: replaced },
  startswith: { least: 1, most: 3, call: (self, args) => affix(self, args, "start") },
  endswith: { least: 1, most: 3, call: (self, args) => affix(self, args, "end") },
  removeprefix: {
    least: 1,
    most: 1,
    call: (self, [p]) =>
      make(self, self.s.startsWith(text(self, p)) ? self.s.slice(text(self, p).length) : self.s),
  },
  removesuffix: {
    least: 1,
    most: 1,
    call: (self, [p]) => {
      const t = text(self, p);
      return make(self, t && self.s.endsWith(t) ? self.s.slice(0, self.s.length - t.length) : self.s);
    },
  },
  find: { least: 1, most: 3, call: (self, args) => find(self, args, false, false) },
  rfind: { least: 1, most: 3, call: (self, args) => find(self, args, true, false) },
  index: { least: 1, most: 3, call: (self, args) => find(self, args, false, true) },
  rindex: { least: 1, most: 3, call: (self, args) => find(self, args, true, true) },
  count: { least: 1, most: 3, call: count },
  isdigit: none((self) => test(self, /^\d+$/)),
  isdecimal: none((self) => test(self, /^\d+$/)),
  isnumeric: none((self) => test(self, /^\d+$/)),
  isalpha: none((self) => test(self, /^[A-Za-z]+$/)),
  isalnum: none((self) => test(self, /^[A-Za-z\d]+$/)),
  isascii: none((self) => bool(isAscii(self.s))),
  isprintable: none((self) => test(self, /^[ -~]*$/)),
  isspace: none((self) =>
    bool([...ascii(self)].every((c) => (self.kind === "str" ? isSpace : isByteSpace)(c)) && self.s !== ""),
  ),
  isupper: none((self) => bool(/[A-Z]/.test(ascii(self)) && !/[a-z]/.test(self.s))),
  islower: none((self) => bool(/[a-z]/.test(ascii(self)) && !/[A-Z]/.test(self.s))),
  istitle: none((self) => bool(/[A-Za-z]/.test(ascii(self)) && titled(self.s) === self.s)),
  isidentifier: none((self) => test(self, /^[A-Za-z_]\w*$/)),
  zfill: { least: 1, most: 1, call: (self, [n]) => zeros(self, n) },
  ljust: { least: 1, most: 2, call: (self, args) => fill(self, args, "l") },
  rjust: { least: 1, most: 2, call: (self, args) => fill(self, args, "r") },
  center: { least: 1, most: 2, call: (self, args) => fill(self, args, "c") },
  expandtabs: { least: 0, most: 1, names: ["tabsize"], call: (self, [n]) => tabs(self, n) },
  encode: { least: 0, most: 2, names: ["encoding", "errors"], call: encoded },
  decode: { least: 0, most: 2, names: ["encoding", "errors"], call: decoded },
  hex: none((self) => str(Buffer.from(self.s, "latin1").toString("hex"))),
};
