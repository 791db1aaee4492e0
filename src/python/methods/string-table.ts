import { isByteSpace, isSpace } from "../blanks.ts";
import { gap, type Machine, raise, raiseProven } from "../machine.ts";
import { isNone } from "../proofs.ts";
import type { Obj, Value } from "../values.ts";
import { bool, list, num, str, tuple, typeName } from "../values.ts";

/** A text or bytes being asked; `make` gives the same kind. */
export interface Self {
  m: Machine;
  s: string;
  kind: "str" | "bytes";
}

/** How many arguments a method takes, by which names if any, and what it does. */
export interface StringMethod {
  least: number;
  most: number;
  names?: string[];
  call: (self: Self, args: (Obj | undefined)[]) => Value;
}

const isAscii = (s: string): boolean => !/\P{ASCII}/u.test(s);

const make = ({ kind }: Self, v: string): Obj => ({ t: kind, v });
const many = (self: Self, parts: string[]): Value =>
  list(
    parts.map((p) => make(self, p)),
    self.m.pc,
  );

/** Texts beyond ASCII follow tables of Unicode's that JavaScript's differ from. */
function ascii(self: Self): string {
  return isAscii(self.s) ? self.s : gap("a text with letters beyond ASCII");
}

/** Positions count code points; JavaScript's do not where there are surrogates. */
function positioned(self: Self): string {
  return /[\ud800-\udfff]/.test(self.s) ? gap("a text with characters beyond the first plane") : self.s;
}

/** A member of an enumeration of texts is a text. */
const plain = (o: Obj): Obj => {
  const v = o.t === "instance" ? o.scope.slots.get("\0value") : undefined;
  return v && v.t !== "choice" ? v : o;
};

/** The text of an argument, of the kind of the text it is given to. */
export function text(self: Self, given: Obj | undefined): string {
  const o = given && plain(given);
  if (o?.t === self.kind) return (o as { v: string }).v;
  const proof = o
    ? isNone(o, ...(self.kind === "str" ? ["str"] : ["bytes", "bytearray", "memoryview", "int"]))
    : null;
  return raiseProven(self.m, proof, "TypeError", `expected ${self.kind}, got ${o ? typeName(o) : "nothing"}`);
}

const textOrNone = (self: Self, o: Obj | undefined): string | null =>
  o === undefined || o.t === "none" ? null : text(self, o);

export function whole(m: Machine, o: Obj | undefined, otherwise: number): number {
  if (o === undefined) return otherwise;
  if (o.t === "num" && !o.float) return o.v;
  if (o.t === "bool") return Number(o.v);
  return raiseProven(
    m,
    isNone(o, "int"),
    "TypeError",
    `'${typeName(o)}' object cannot be interpreted as an integer`,
  );
}

const boundary = (m: Machine, o: Obj | undefined, otherwise: number): number =>
  o?.t === "none" ? otherwise : whole(m, o, otherwise);

/** `[start:end]` as find, count and the like take them; null where there is no such part. */
function part(self: Self, from: Obj | undefined, to: Obj | undefined): { start: number; s: string } | null {
  const s = positioned(self);
  const at = (n: number): number => (n < 0 ? Math.max(0, s.length + n) : n);
  const start = at(boundary(self.m, from, 0));
  const end = Math.min(s.length, at(boundary(self.m, to, s.length)));
  return start > end ? null : { start, s: s.slice(start, end) };
}

function strip(self: Self, set: Obj | undefined, sides: "l" | "r" | "b"): Value {
  const { s } = self;
  const chars = textOrNone(self, set);
  const space = self.kind === "str" ? isSpace : isByteSpace;
  const inside = (c: string): boolean => (chars === null ? space(c) : chars.includes(c));
  let from = 0;
  let to = s.length;
  if (sides !== "r") while (from < to && inside(s[from] as string)) from++;
  if (sides !== "l") while (to > from && inside(s[to - 1] as string)) to--;
  return make(self, s.slice(from, to));
}

/** Words between blanks, with where each begins and ends. */
function words(self: Self): { from: number; to: number }[] {
  const space = self.kind === "str" ? isSpace : isByteSpace;
  const out: { from: number; to: number }[] = [];
  for (let i = 0; i < self.s.length; i++) {
    if (space(self.s[i] as string)) continue;
    const from = i;
    while (i < self.s.length && !space(self.s[i] as string)) i++;
    out.push({ from, to: i });
  }
  return out;
}

function split(self: Self, separator: Obj | undefined, max: Obj | undefined, fromRight: boolean): Value {
  const by = textOrNone(self, separator);
  const limit = whole(self.m, max, -1);
  if (by === "") return raise(self.m, "ValueError", "empty separator");
  const { s } = self;
  if (by === null) {
    const all = words(self);
    if (limit < 0 || all.length <= limit)
      return many(
        self,
        all.map(({ from, to }) => s.slice(from, to)),
      );
    const own = (list: typeof all): string[] => list.map(({ from, to }) => s.slice(from, to));
    if (fromRight) {
      const cut = all.length - limit;
      return many(self, [s.slice(0, all[cut - 1]?.to ?? 0), ...own(all.slice(cut))].slice(cut === 0 ? 1 : 0));
    }
    return many(self, [...own(all.slice(0, limit)), s.slice(all[limit]?.from ?? s.length)]);
  }
  const parts: string[] = [];
  let rest = s;
  while (limit < 0 || parts.length < limit) {
    const at = fromRight ? rest.lastIndexOf(by) : rest.indexOf(by);
    if (at < 0) break;
    parts.push(fromRight ? rest.slice(at + by.length) : rest.slice(0, at));
    rest = fromRight ? rest.slice(0, at) : rest.slice(at + by.length);
  }
  parts.push(rest);
  return many(self, fromRight ? parts.reverse() : parts);
}

function partition(self: Self, separator: Obj | undefined, fromRight: boolean): Value {
  const by = text(self, separator);
  if (by === "") return raise(self.m, "ValueError", "empty separator");
  const { s } = self;
  const at = fromRight ? s.lastIndexOf(by) : s.indexOf(by);
  const parts =
    at >= 0 ? [s.slice(0, at), by, s.slice(at + by.length)] : fromRight ? ["", "", s] : [s, "", ""];
  return tuple(parts.map((p) => make(self, p)));
}

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

function lines(self: Self, keep: Obj | undefined): Value {
  const ends =
    keep !== undefined && keep.t === "bool" ? keep.v : keep === undefined ? false : gap("splitlines()");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends lines there
  const rule = self.kind === "str" ? /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g : /\r\n|[\n\r]/g;
  const out: string[] = [];
  let from = 0;
  for (const match of self.s.matchAll(rule)) {
    out.push(self.s.slice(from, match.index + (ends ? match[0].length : 0)));
    from = match.index + match[0].length;
  }
  if (from < self.s.length) out.push(self.s.slice(from));
  return many(self, out);
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

/** The encodings that settings name; null for all others. */
function encoding(_self: Self, [name, errors]: (Obj | undefined)[]): "utf8" | "ascii" | "latin1" {
  if (errors && !(errors.t === "str" && errors.v === "strict"))
    return gap("an encoding that forgives errors");
  const known =
    name === undefined ? "utf8" : name.t === "str" ? name.v.toLowerCase().replace(/[-_]/g, "") : "";
  if (known === "utf8") return "utf8";
  if (known === "ascii" || known === "latin1") return known;
  return gap("an encoding");
}

function encoded(self: Self, args: (Obj | undefined)[]): Value {
  const by = encoding(self, args);
  if (by !== "utf8" && (by === "ascii" ? /\P{ASCII}/u : /[^\0-\xff]/).test(self.s))
    return raise(self.m, "UnicodeEncodeError", `'${by}' codec can't encode a character`);
  if (/[\ud800-\udfff]/.test(self.s.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "")))
    return gap("a text with half a character");
  return { t: "bytes", v: Buffer.from(self.s, by === "utf8" ? "utf8" : "latin1").toString("latin1") };
}

function decoded(self: Self, args: (Obj | undefined)[]): Value {
  const by = encoding(self, args);
  const raw = Buffer.from(self.s, "latin1");
  try {
    if (by === "utf8") return str(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw));
  } catch {
    return raise(self.m, "UnicodeDecodeError", "'utf-8' codec can't decode a byte");
  }
  if (by === "ascii" && /\P{ASCII}/u.test(self.s))
    return raise(self.m, "UnicodeDecodeError", "'ascii' codec can't decode a byte");
  return str(self.s);
}
