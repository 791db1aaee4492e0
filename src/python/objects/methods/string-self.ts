import type { Machine } from "../../logic/machine.ts";
import { gap, raiseProven } from "../../logic/outcomes.ts";
import { isNone } from "../../logic/proofs.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { list, textOrBytes, typeName } from "../../logic/values.ts";

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

export const isAscii = (s: string): boolean => !/\P{ASCII}/u.test(s);

export const make = ({ kind }: Self, v: string): Obj => textOrBytes(kind, v);
export const many = (self: Self, parts: string[]): Value =>
  list(
    parts.map((p) => make(self, p)),
    self.m.pc,
  );

/** Texts beyond ASCII follow tables of Unicode's that JavaScript's differ from. */
export function ascii(self: Self): string {
  return isAscii(self.s) ? self.s : gap("a text with letters beyond ASCII");
}

/** Positions count code points; JavaScript's do not where there are surrogates. */
export function positioned(self: Self): string {
  return /[\ud800-\udfff]/.test(self.s) ? gap("a text with characters beyond the first plane") : self.s;
}

/** A member of an enumeration of texts is a text. */
export const plain = (o: Obj): Obj => {
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

export const textOrNone = (self: Self, o: Obj | undefined): string | null =>
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
export function part(
  self: Self,
  from: Obj | undefined,
  to: Obj | undefined,
): { start: number; s: string } | null {
  const s = positioned(self);
  const at = (n: number): number => (n < 0 ? Math.max(0, s.length + n) : n);
  const start = at(boundary(self.m, from, 0));
  const end = Math.min(s.length, at(boundary(self.m, to, s.length)));
  return start > end ? null : { start, s: s.slice(start, end) };
}
