import { createRoom, putCodes } from "./codes.ts";
import { addRange, type Ranges } from "./ranges.ts";

/** So much of a value before a program's `…` or `...` is its beginning, and no chance; of a value that is this long. */
const shortest = 12;
const longEnough = 20;

/** Adds to `found` what of a text, given also as its UTF-16 units, stands before a mark of omission and is the beginning of a value. */
export type Shortened = (text: string, codes: Uint16Array, found: Ranges) => void;

/** A program that shortens shows less than this. */
const farthest = 256;

/** Of values that begin alike, so many are compared; of more, what begins as they do is taken for one. */
const mostAlike = 50;

/**
 * Finds values that a program shortened, as they are: their beginning before a mark, or their end behind one. Between two
 * marks each place is looked up once in a dictionary, and nothing is where no mark stands.
 */
export function createShortened(texts: readonly string[]): Shortened {
  const long = texts.filter((text) => text.length >= longEnough);
  const beginnings = grouped(long, (text) => text.slice(0, shortest));
  const endings = grouped(long, (text) => text.slice(-shortest));
  return (text, codes, found) => {
    const marks = marksOf(text);
    for (let mark = 0; mark < marks.length; mark += 2) {
      const [from, to] = [marks[mark]!, marks[mark + 1]!];
      before(text, codes, Math.max(marks[mark - 1] ?? 0, from - farthest), from, beginnings, found);
      behind(text, codes, to, Math.min(marks[mark + 2] ?? text.length, to + farthest), endings, found);
    }
  };
}

/** Where marks of omission begin and end: `…`, and three dots or more. */
function marksOf(text: string): Ranges {
  const marks: Ranges = [];
  const seek = (mark: string, at: number) => {
    const found = text.indexOf(mark, at);
    return found < 0 ? text.length : found;
  };
  let sign = seek("…", 0);
  let dots = seek("...", 0);
  while (sign < text.length || dots < text.length) {
    const from = Math.min(sign, dots);
    let to = from + 1;
    if (from === sign) sign = seek("…", to);
    else {
      while (text[to] === ".") to++;
      dots = seek("...", to);
    }
    marks.push(from, to);
  }
  return marks;
}

/** Values by twelve of their characters, and which of those there can be: most places are passed without making a text of them. */
interface Groups {
  by: Map<string, string[]>;
  /** By `spread`, a bit for whether any key has it; its length is a power of two. */
  some: Uint8Array;
}

function grouped(values: string[], keyOf: (value: string) => string): Groups {
  const by = new Map<string, string[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = by.get(key);
    if (group) group.push(value);
    else by.set(key, [value]);
  }
  const some = new Uint8Array(1 << Math.min(19, 32 - Math.clz32(by.size * 8)));
  for (const key of by.keys()) {
    const bit = spread(putCodes(key, createRoom(shortest)), 0) & (some.length * 8 - 1);
    some[bit >> 3]! |= 1 << (bit & 7);
  }
  return { by, some };
}

/** A number of four of the twelve characters at a place. */
function spread(codes: Uint16Array, at: number): number {
  const first = Math.imul(codes[at]!, 0x9e3779b1) ^ Math.imul(codes[at + 4]!, 0x85ebca6b);
  const last = Math.imul(codes[at + 7]!, 0xc2b2ae35) ^ Math.imul(codes[at + 11]!, 0x27d4eb2f);
  const both = first ^ last;
  return both ^ (both >>> 15);
}

function before(
  text: string,
  codes: Uint16Array,
  from: number,
  to: number,
  { by, some }: Groups,
  found: Ranges,
): void {
  const last = some.length * 8 - 1;
  for (let at = from; at + shortest <= to; at++) {
    const bit = spread(codes, at) & last;
    if ((some[bit >> 3]! & (1 << (bit & 7))) === 0) continue;
    const alike = by.get(text.slice(at, at + shortest));
    if (!alike) continue;
    const seen = text.slice(at, to);
    if (alike.length > mostAlike || alike.some((one) => one.startsWith(seen)))
      return void addRange(found, at, to);
  }
}

function behind(
  text: string,
  codes: Uint16Array,
  from: number,
  to: number,
  { by, some }: Groups,
  found: Ranges,
): void {
  const last = some.length * 8 - 1;
  for (let at = to; at - shortest >= from; at--) {
    const bit = spread(codes, at - shortest) & last;
    if ((some[bit >> 3]! & (1 << (bit & 7))) === 0) continue;
    const alike = by.get(text.slice(at - shortest, at));
    if (!alike) continue;
    const seen = text.slice(from, at);
    if (alike.length > mostAlike || alike.some((one) => one.endsWith(seen)))
      return void addRange(found, from, at);
  }
}
