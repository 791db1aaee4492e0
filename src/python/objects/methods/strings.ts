import { pure } from "../../logic/apply.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raiseProven } from "../../logic/outcomes.ts";
import { isNoIterable, isNone } from "../../logic/proofs.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { dict, itemsIn, NONE, num, str, textOrBytes, unknown } from "../../logic/values.ts";
import { interest } from "../../outside/variables.ts";
import { formatCall } from "../formats.ts";
import { itemsOf } from "../items-of.ts";
import { concat, toText } from "../text.ts";
import { dictSet } from "./dicts.ts";
import { STRING_METHODS } from "./string-table.ts";

type Lookup = (v: Value, path: string) => Value;

const SPECIAL = new Set(["join", "format", "format_map", "translate"]);

/** Is the method of texts modelled? */
export const isStringMethod = (name: string): boolean =>
  Object.hasOwn(STRING_METHODS, name) || SPECIAL.has(name);

/** `"text".name(...)` */
export function stringMethod(
  m: Machine,
  self: { t: "str" | "bytes"; v: string },
  name: string,
  given: Value[],
  kwargs: Map<string, Value>,
  lookup: Lookup,
): Value {
  if (SPECIAL.has(name)) return special(m, self, name, given, kwargs, lookup);
  const known = Object.hasOwn(STRING_METHODS, name) ? STRING_METHODS[name] : undefined;
  if (!known) return gap(`str.${name}`);
  const args = inOrder(given, kwargs, known.names ?? []);
  if (!args || args.length < known.least || args.length > known.most)
    return gap(`the arguments of str.${name}`);
  return pure(
    m,
    args.map((a) => a ?? NOT_GIVEN),
    (found) => {
      const hidden = found.find((o) => o.t === "unknown");
      if (hidden?.t === "unknown") return gap(hidden.reason, hidden.from ? { from: hidden.from } : {});
      return known.call(
        { m, s: self.v, kind: self.t },
        found.map((o) => (o.t === "missing" ? undefined : o)),
      );
    },
  );
}

const NOT_GIVEN: Obj = { t: "missing" };

/** Positional arguments and those by name, in the method's order; null for a name it has not. */
function inOrder(given: Value[], kwargs: Map<string, Value>, names: string[]): (Value | undefined)[] | null {
  const args: (Value | undefined)[] = [...given];
  for (const [name, v] of kwargs) {
    const at = names.indexOf(name);
    // Who called may have put it in its place already.
    if (at >= 0 && given[at] === v) continue;
    if (at < given.length) return null;
    args[at] = v;
  }
  return Array.from(args);
}

function special(
  m: Machine,
  self: { t: "str" | "bytes"; v: string },
  name: string,
  args: Value[],
  kwargs: Map<string, Value>,
  lookup: Lookup,
): Value {
  const [first] = args;
  if (name === "format" && self.t === "str") return formatCall(m, self.v, args, kwargs, lookup);
  if (args.length !== 1 || kwargs.size > 0 || !first) return gap(`the arguments of str.${name}`);
  if (name === "join") return join(m, self, first);
  if (self.t === "bytes") return gap(`bytes.${name}`);
  if (name === "translate") return translated(m, self.v, first);
  return pure(m, [first], ([map]) =>
    map?.t === "dict" && !map.kind && !map.open
      ? formatCall(m, self.v, [], map.scope.slots, lookup)
      : gap("str.format_map"),
  );
}

/** Names of the methods that tell a variable's texts apart, for trying their arguments. */
export function noteInterest(m: Machine, self: Value, name: string, args: Value[]): void {
  if (name !== "startswith" && name !== "endswith") return;
  for (const a of args) if (a.t === "str") interest(m, self, a.v);
}

function join(m: Machine, self: { t: "str" | "bytes"; v: string }, items: Value): Value {
  return pure(m, [items], ([o]) => {
    if (!o || o.t === "unknown") return { ...unknown(o?.reason ?? "a join"), type: self.t };
    const content = itemsOf(m, o);
    if (!content) return raiseProven(m, isNoIterable(o), "TypeError", "can only join an iterable");
    return pure(m, [content], ([c]) => {
      const parts = itemsIn(c).map((p) => (p.t === "instance" ? (p.scope.slots.get("\0value") ?? p) : p));
      if (self.t === "bytes") return joinedBytes(m, self.v, parts);
      return pure(m, parts, (found) => {
        const wrong = found.find((p) => isNone(p, "str"));
        if (wrong)
          return raiseProven(m, isNone(wrong, "str"), "TypeError", "sequence item: expected str instance");
        if (found.some((p) => p.t !== "str" && p.t !== "unknown")) return gap("str.join");
        return concat(
          m,
          found.map((p) =>
            p.t === "unknown"
              ? {
                  ...unknown(p.reason, p.from ? { from: p.from } : {}),
                  ...(p.truthy && !p.splat ? { truthy: true } : {}),
                  type: "str",
                }
              : toText(m, p),
          ),
          (texts) => texts.join(self.v),
        );
      });
    });
  });
}

function joinedBytes(m: Machine, by: string, parts: Value[]): Value {
  return pure(m, parts, (found) =>
    found.every((p) => p.t === "bytes")
      ? textOrBytes("bytes", found.map((p) => (p as { v: string }).v).join(by))
      : gap("bytes.join"),
  );
}

/** `str.maketrans(...)`: a dict of code points. */
export function translation(m: Machine, args: Value[]): Value {
  return pure(m, args, (found) => {
    const d = dict(m.pc);
    const [from, to, gone] = found;
    if (from?.t === "str" && to?.t === "str" && found.length <= 3) {
      const [a, b] = [[...from.v], [...to.v]];
      if (a.length !== b.length) return gap("str.maketrans");
      for (const [i, c] of a.entries()) dictSet(m, d, code(c), code(b[i] as string));
      if (gone && gone.t !== "str") return gap("str.maketrans");
      if (gone?.t === "str") for (const c of gone.v) dictSet(m, d, code(c), NONE);
      return d;
    }
    if (from?.t !== "dict" || from.open || found.length !== 1) return gap("str.maketrans");
    for (const [key, v] of from.scope.slots) {
      if (key[0] === "\0" ? key[1] !== "n" : [...key].length !== 1) return gap("str.maketrans");
      dictSet(m, d, key[0] === "\0" ? num(Number(key.slice(3))) : code(key), v);
    }
    return d;
  });
}

const code = (c: string): Obj => num(c.codePointAt(0) as number);

function translated(m: Machine, text: string, table: Value): Value {
  return pure(m, [table], ([d]) => {
    if (d?.t !== "dict" || d.open || d.kind) return gap("str.translate");
    let out = "";
    for (const c of text) {
      const by = d.scope.slots.get(`\0n:${c.codePointAt(0)}`);
      if (by === undefined || by.t === "missing") out += c;
      else if (by.t === "str") out += by.v;
      else if (by.t === "num" && !by.float) out += String.fromCodePoint(by.v);
      else if (by.t !== "none") return gap("str.translate");
    }
    return str(out);
  });
}

/** `bytes.fromhex(text)` */
export function fromHex(m: Machine, text: Value): Value {
  return pure(m, [text], ([o]) => {
    if (o?.t !== "str" || !/^(?:\s*[0-9a-fA-F]{2})*\s*$/.test(o.v)) return gap("bytes.fromhex");
    return { t: "bytes", v: Buffer.from(o.v.replace(/\s/g, ""), "hex").toString("latin1") };
  });
}
