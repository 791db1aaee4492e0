import type { Folded } from "./fold.ts";
import { addRange, type Ranges } from "./ranges.ts";
import { longestWord } from "./words.ts";

/** The pieces of long texts, wherever they stand: also where only a part of such a text does. */
export interface Pieces {
  search(text: Folded, found: Ranges): void;
  /** Parts of the texts that say too little to be a piece, such as a row of blanks: to be searched for as words. */
  words: string[];
}

/** A piece with fewer different characters stands in texts that have nothing to do with the value. */
const fewestKinds = 6;
const base = 0x01000193;

/**
 * Cuts texts into pieces of `size` characters that cover them. A whole text is found because all of its pieces are; of a
 * part of one, what is at least `2 * size - 1` long. A hash that rolls over the text finds the candidates, which
 * are compared, so time is the length of the text and memory that of the texts.
 */
export function createPieces(texts: readonly string[], size: number): Pieces {
  const words: string[] = [];
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const codes = new Uint16Array(total);
  const most = texts.reduce((sum, text) => sum + Math.ceil(text.length / size) + 1, 0);
  const bits = Math.max(8, Math.ceil(Math.log2(most + 1)) + 1);
  const mask = (1 << bits) - 1;
  const table = new Int32Array(1 << bits);
  // A bit for every hash: nearly all of a text that holds no piece is passed over with one look into it.
  const used = new Uint8Array(1 << (bits + 1));
  const usedMask = (1 << (bits + 4)) - 1;
  let lead = 1;
  for (let at = 1; at < size; at++) lead = Math.imul(lead, base);

  const hashOf = (from: Uint16Array, at: number) => {
    let hash = 0;
    for (let to = at; to < at + size; to++) hash = (Math.imul(hash, base) + from[to]!) | 0;
    return hash;
  };
  const mixed = (hash: number) => Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 4;
  const equal = (from: Uint16Array, at: number, place: number) => {
    for (let step = 0; step < size; step++) if (from[at + step] !== codes[place + step]) return false;
    return true;
  };
  const put = (place: number) => {
    const key = mixed(hashOf(codes, place));
    let slot = key & mask;
    used[(key & usedMask) >> 3]! |= 1 << (key & 7);
    while (table[slot] !== 0) {
      if (equal(codes, place, table[slot]! - 1)) return;
      slot = (slot + 1) & mask;
    }
    table[slot] = place + 1;
  };
  const tells = (place: number) => {
    let kinds = 0;
    for (let at = place; at < place + size && kinds < fewestKinds; at++)
      if (codes.indexOf(codes[at]!, place) === at) kinds++;
    return kinds === fewestKinds;
  };
  /** From a place on, or where the text ends from before it, as much as says enough. */
  const telling = (start: number, place: number, end: number): [number, number] => {
    const kinds = new Set<number>();
    let from = place;
    let to = place;
    while (to < end && to - from < longestWord && (to - from < size || kinds.size < fewestKinds))
      kinds.add(codes[to++]!);
    while (from > start && to - from < longestWord && (to - from < size || kinds.size < fewestKinds))
      kinds.add(codes[--from]!);
    return [from, to];
  };

  let filled = 0;
  for (const text of texts) {
    const start = filled;
    for (let at = 0; at < text.length; at++) codes[filled++] = text.charCodeAt(at);
    const end = filled++;
    for (let at = start; at < end; ) {
      const place = Math.max(start, Math.min(at, end - size));
      if (end - place >= size && tells(place)) {
        put(place);
        at = place + size;
      } else {
        const [from, to] = telling(start, at, end);
        words.push(text.slice(from - start, to - start));
        at = to;
      }
    }
  }

  const reach = 4 * size;
  /** More of the text around a piece belongs to it as far as it goes on as the value does. */
  const around = (text: Folded, at: number, place: number, found: Ranges) => {
    let before = 0;
    while (before < reach && at > before && place > before) {
      const code = codes[place - before - 1];
      if (code === 0 || code !== text.codes[at - before - 1]) break;
      before++;
    }
    let after = size;
    while (after < size + reach && at + after < text.length) {
      const code = codes[place + after];
      if (!code || code !== text.codes[at + after]) break;
      after++;
    }
    addRange(found, at - before, at + after);
  };

  const meet = (text: Folded, at: number, key: number, found: Ranges) => {
    let slot = key & mask;
    for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
      if (equal(text.codes, at, entry - 1)) return around(text, at, entry - 1, found);
      slot = (slot + 1) & mask;
    }
  };

  return {
    words,
    search(text, found) {
      const { codes: from, length } = text;
      if (filled === 0 || length < size) return;
      let hash = hashOf(from, 0);
      for (let at = 0; ; ) {
        const key = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 4;
        if ((used[(key & usedMask) >> 3]! & (1 << (key & 7))) !== 0) meet(text, at, key, found);
        if (at + size >= length) return;
        hash = (Math.imul(hash - Math.imul(from[at]!, lead), base) + from[at + size]!) | 0;
        at++;
      }
    },
  };
}
