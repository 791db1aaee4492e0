import { gap, raise } from "../../logic/outcomes.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { tuple } from "../../logic/values.ts";
import { isByteSpace, isSpace } from "../../source/blanks.ts";
import { make, many, type Self, text, textOrNone, whole } from "./string-self.ts";

export function strip(self: Self, set: Obj | undefined, sides: "l" | "r" | "b"): Value {
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
export function words(self: Self): { from: number; to: number }[] {
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

export function split(
  self: Self,
  separator: Obj | undefined,
  max: Obj | undefined,
  fromRight: boolean,
): Value {
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

export function partition(self: Self, separator: Obj | undefined, fromRight: boolean): Value {
  const by = text(self, separator);
  if (by === "") return raise(self.m, "ValueError", "empty separator");
  const { s } = self;
  const at = fromRight ? s.lastIndexOf(by) : s.indexOf(by);
  const parts =
    at >= 0 ? [s.slice(0, at), by, s.slice(at + by.length)] : fromRight ? ["", "", s] : [s, "", ""];
  return tuple(parts.map((p) => make(self, p)));
}

export function lines(self: Self, keep: Obj | undefined): Value {
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
