import { addRange, type Ranges } from "./ranges.ts";

/** So much of a value before a program's `…` or `...` is its beginning, and no chance; of a value that is this long. */
const shortest = 12;
const longEnough = 20;

/** Adds to `found` what stands before a mark of omission and is the beginning of a value. */
export type Shortened = (text: string, found: Ranges) => void;

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
  return (text, found) => {
    const marks = [...text.matchAll(/…|\.{3,}/g)].map(
      ({ index, 0: mark }) => [index, index + mark.length] as const,
    );
    for (const [turn, [from, to]] of marks.entries()) {
      before(text, Math.max(marks[turn - 1]?.[1] ?? 0, from - farthest), from, beginnings, found);
      behind(text, to, Math.min(marks[turn + 1]?.[0] ?? text.length, to + farthest), endings, found);
    }
  };
}

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
