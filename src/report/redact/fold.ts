import { createRoom, keptRoom, putCodes, roomFor, textOf } from "./codes.ts";

/**
 * A text is searched in folded form: what a value can be broken by without changing for its reader is left out, of the
 * text and of the value alike. Each view leaves out more than the one before it.
 *
 * `plain`: without control and format characters (they are not seen, and are taken away before a text is shown).
 * `slashed`: also without backslashes: JSON in JSON, a shell's word and Python's repr are then all the same.
 * `encoded`: letters in lower case, digits, `+` and `/` (also for `-` and `_`), everything else that base64, base32 and
 * hexadecimal are wrapped and separated with left out: one spelling each, whatever the width of a line.
 */
export const views = ["plain", "slashed", "encoded"] as const;
export type View = (typeof views)[number];

/** A text in folded form: UTF-16 units, or 0 where nothing can match, or `cutMark`. */
export interface Folded {
  codes: Uint16Array;
  length: number;
}

/** Stands wherever a text was cut at a bound: half a value may stand on either side of it, and is hidden too. */
export const cutText = "[…]";
/** The same from where only ASCII may be written. */
export const cutAscii = "[...]";
/** What `cutText` is folded to. */
export const cutMark = 1;

const esc = 0x1b;
const backslash = 0x5c;
const bracket = 0x5b;

/** In a table below: left out, or to be looked at more closely. Both are no characters. */
const drop = 0xffff;
const special = 0xfffe;

/** First and last of what is not seen, of what breaks a line besides `\n`, and of what is no character. */
const unseen = [
  [0, 8],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [special, drop],
] as const;

/** What a UTF-16 unit becomes in a view: another, 0 (it breaks every match), `drop` or `special`. */
function table(view: View): Uint16Array {
  const result = new Uint16Array(0x10000);
  if (view === "encoded") {
    for (const char of "abcdefghijklmnopqrstuvwxyz0123456789+/") {
      result[char.charCodeAt(0)] = result[char.toUpperCase().charCodeAt(0)] = char.charCodeAt(0);
    }
    result["-".charCodeAt(0)] = "+".charCodeAt(0);
    result["_".charCodeAt(0)] = "/".charCodeAt(0);
    for (const char of " \t\n:=") result[char.charCodeAt(0)] = drop;
  } else {
    for (let code = 0; code < 0x10000; code++) result[code] = code;
    if (view === "slashed") result[backslash] = special;
  }
  for (const [first, last] of unseen) result.fill(drop, first, last + 1);
  for (const code of [esc, 0x9b, bracket]) result[code] = special;
  if (view === "encoded") result[backslash] = special;
  return result;
}

const tables: Partial<Record<View, Uint16Array>> = {};

/**
 * Folds a text, whose units are in `from`, into `room` for a view. `sequences`: terminal sequences are left out as a whole,
 * not only their first character. `positions`, where given, gets for each unit of the result where it stood.
 */
export function fold(
  text: string,
  from: Uint16Array,
  view: View,
  sequences: boolean,
  room: Uint16Array,
  positions?: Int32Array,
): Folded {
  tables[view] ??= table(view);
  const map = tables[view];
  const end = text.length;
  let length = 0;
  for (let at = 0; at < end; at++) {
    const code = from[at]!;
    let to = map[code]!;
    if (to >= special) {
      if (to === drop) continue;
      if (code === bracket) {
        const cut = cutAt(text, at);
        to = cut > 0 ? cutMark : view === "encoded" ? 0 : bracket;
        if (positions) positions[length] = at;
        room[length++] = to;
        at += cut;
      } else if (code !== backslash) {
        if (sequences) at = sequenceEnd(text, at);
      } else if (view === "encoded") {
        // `\n` between the lines of something encoded.
        const next = text.charCodeAt(at + 1);
        if (next === 0x6e || next === 0x72) at++;
      }
      continue;
    }
    if (positions) positions[length] = at;
    room[length++] = to;
  }
  return { codes: room, length };
}

/** How many characters of `[…]` or `[...]` follow its first; 0 = it is another bracket. */
function cutAt(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === 0x2026) return text.charCodeAt(at + 2) === 0x5d ? 2 : 0;
  return next === 0x2e && text.startsWith(cutAscii, at) ? cutAscii.length - 1 : 0;
}

let valueRoom = createRoom();
let viewRoom = createRoom();

/** A value as it stands in a view. */
export function folded(text: string, view: View): string {
  valueRoom = roomFor(text, valueRoom);
  viewRoom = roomFor(text, viewRoom);
  const { length } = fold(text, putCodes(text, valueRoom), view, false, viewRoom.codes);
  // Nothing was left out, and but for `encoded` nothing else is done to a text.
  const result = length === text.length && view !== "encoded" ? text : textOf(viewRoom, length);
  valueRoom = keptRoom(valueRoom);
  viewRoom = keptRoom(viewRoom);
  return result;
}

/** A title or a link of a terminal that is longer is none. */
const longestString = 4096;

/** The last character of the terminal sequence (ECMA-48) at `at`; `at` itself where it has no end. */
function sequenceEnd(text: string, at: number): number {
  let next = at + 1;
  let code = text.charCodeAt(at) === 0x9b ? 0x5b : text.charCodeAt(next++);
  if (code === 0x5b) {
    while (inRange(text, next, 0x30, 0x3f)) next++;
    while (inRange(text, next, 0x20, 0x2f)) next++;
    return inRange(text, next, 0x40, 0x7e) ? next : at;
  }
  if (code === 0x5d || code === 0x50 || code === 0x58 || code === 0x5e || code === 0x5f) {
    const last = Math.min(text.length, next + longestString);
    for (let to = next; to < last; to++) {
      code = text.charCodeAt(to);
      if (code === 7 || code === 0x9c) return to;
      if (code === esc && text.charCodeAt(to + 1) === backslash) return to + 1;
    }
    return at;
  }
  next = at + 1;
  while (inRange(text, next, 0x20, 0x2f)) next++;
  return inRange(text, next, 0x30, 0x7e) ? next : at;
}

function inRange(text: string, at: number, low: number, high: number): boolean {
  const code = text.charCodeAt(at);
  return code >= low && code <= high;
}
