import { createRoom, putCodes, roomFor } from "./codes.ts";
import { addRange, type Ranges } from "./ranges.ts";

/** So much of a value before a program's `…` or `...` is its beginning, and no chance; of a value that is this long. */
const shortest = 12;
const part = shortest / 3;
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
  const mayStand = standIn(long.flatMap((text) => [text.slice(0, farthest), text.slice(-farthest)]));
  return (text, codes, found) => {
    const marks = marksOf(text);
    for (let mark = 0; mark < marks.length; mark += 2) {
      const [from, to] = [marks[mark]!, marks[mark + 1]!];
      const first = Math.max(marks[mark - 1] ?? 0, from - farthest);
      if (from - first >= shortest && mayStand(codes, from - shortest))
        before(text, first, from, beginnings, found);
      const last = Math.min(marks[mark + 2] ?? text.length, to + farthest);
      if (last - to >= shortest && mayStand(codes, to)) behind(text, to, last, endings, found);
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

/** Values by twelve of their characters. */
type Groups = Map<string, string[]>;

function grouped(values: string[], keyOf: (value: string) => string): Groups {
  const groups: Groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/**
 * Whether the twelve characters at a place may stand in one of the texts: false for nearly all that do not. Most marks of a
 * log have nothing to do with a value, and are passed by that.
 */
function standIn(texts: readonly string[]): (codes: Uint16Array, at: number) => boolean {
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  // A bit for each hash of four characters.
  const bits = Math.max(10, Math.min(25, 35 - Math.clz32(size)));
  const used = new Uint8Array(1 << (bits - 3));
  const hashAt = (codes: Uint16Array, at: number) =>
    Math.imul(
      (codes[at]! << 24) ^ (codes[at + 1]! << 16) ^ (codes[at + 2]! << 8) ^ codes[at + 3]!,
      0x9e3779b1,
    ) >>>
    (32 - bits);
  let room = createRoom();
  for (const text of texts) {
    room = roomFor(text, room);
    const codes = putCodes(text, room);
    for (let at = 0; at + part <= text.length; at++) {
      const hash = hashAt(codes, at);
      used[hash >> 3]! |= 1 << (hash & 7);
    }
  }
  const has = (codes: Uint16Array, at: number) => {
    const hash = hashAt(codes, at);
    return (used[hash >> 3]! & (1 << (hash & 7))) !== 0;
  };
  return (codes, at) => has(codes, at) && has(codes, at + part) && has(codes, at + 2 * part);
}

function before(text: string, from: number, to: number, groups: Groups, found: Ranges): void {
  for (let at = from; at + shortest <= to; at++) {
    const alike = groups.get(text.slice(at, at + shortest));
    if (!alike) continue;
    const seen = text.slice(at, to);
    if (alike.length > mostAlike || alike.some((one) => one.startsWith(seen)))
      return void addRange(found, at, to);
  }
}

function behind(text: string, from: number, to: number, groups: Groups, found: Ranges): void {
  for (let at = to; at - shortest >= from; at--) {
    const alike = groups.get(text.slice(at - shortest, at));
    if (!alike) continue;
    const seen = text.slice(from, at);
    if (alike.length > mostAlike || alike.some((one) => one.endsWith(seen)))
      return void addRange(found, from, at);
  }
}
