import { cutMark, type Folded } from "./fold.ts";
import { addRange, type Ranges } from "./ranges.ts";

/** The shortest text that is searched for; the filter below looks at this many characters. */
export const shortestWord = 4;
/** The longest: what is longer is searched for in pieces, so that no text costs more than this for a character. */
export const longestWord = 256;

/** Many texts of 4 to 256 characters, found at once. */
export interface Words {
  /** Adds to `found` the longest word at every place of the text. */
  search(text: Folded, found: Ranges): void;
  /** Adds what stands before a cut and is the beginning of a word. */
  beforeCuts(text: Folded, found: Ranges): void;
}

/**
 * Words are sorted by the hash of their first four characters, and then as a dictionary is; a place of the text whose
 * hash has no words (nearly all) costs one look. The rest is a binary search: the last word that is not behind the
 * text is the longest that stands there, or begins as that does; `shorter` leads from a word to the longest other that it
 * begins with. Time: the length of the text; memory: that of the words.
 */
export function createWords(given: Iterable<string>): Words {
  const unique = [...new Set(given)].filter(
    (word) => word.length >= shortestWord && word.length <= longestWord,
  );
  const bits = Math.min(18, Math.max(10, Math.ceil(Math.log2(unique.length + 1)) + 5));
  const shift = 32 - bits;
  const slotOf = (word: string) => {
    let window = 0;
    for (let at = 0; at < shortestWord; at++) window = (window << 8) ^ word.charCodeAt(at);
    return Math.imul(window, 0x9e3779b1) >>> shift;
  };
  const keyed = unique.map((word) => ({ word, slot: slotOf(word) }));
  keyed.sort((a, b) => a.slot - b.slot || (a.word < b.word ? -1 : 1));
  const count = keyed.length;
  const first = new Int32Array((1 << bits) + 1);
  // One bit for each slot that has words: small enough to stay in the processor's first cache.
  const used = new Uint8Array(1 << (bits - 3));
  const starts = new Int32Array(count + 1);
  const shorter = new Int32Array(count).fill(-1);
  const codes = new Uint16Array(keyed.reduce((sum, { word }) => sum + word.length, 0));
  let filled = 0;
  const open: number[] = [];
  keyed.forEach(({ word, slot }, index) => {
    first[slot + 1] = index + 1;
    used[slot >> 3]! |= 1 << (slot & 7);
    starts[index] = filled;
    for (let at = 0; at < word.length; at++) codes[filled++] = word.charCodeAt(at);
    while (open.length > 0 && !word.startsWith(keyed[open.at(-1)!]!.word)) open.pop();
    shorter[index] = open.at(-1) ?? -1;
    open.push(index);
  });
  starts[count] = filled;
  for (let slot = 0; slot < 1 << bits; slot++) first[slot + 1] = Math.max(first[slot + 1]!, first[slot]!);

  /** How many characters of a word stand in the text at a place that ends at `end`. */
  const common = (word: number, text: Uint16Array, at: number, end: number) => {
    const start = starts[word]!;
    const most = Math.min(starts[word + 1]! - start, end - at);
    let same = 0;
    while (same < most && codes[start + same] === text[at + same]) same++;
    return same;
  };
  const lengthOf = (word: number) => starts[word + 1]! - starts[word]!;
  /** Of the words of a slot, the index of the first that is behind the text at a place. */
  const behind = (low: number, high: number, text: Uint16Array, at: number, end: number) => {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = (from + to) >> 1;
      const same = common(middle, text, at, end);
      const ended = same === lengthOf(middle);
      const before = ended || (at + same < end && codes[starts[middle]! + same]! < text[at + same]!);
      if (before) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  return {
    search({ codes: text, length }, found) {
      if (count === 0 || length < shortestWord) return;
      let window = (text[0]! << 16) ^ (text[1]! << 8) ^ text[2]!;
      for (let last = shortestWord - 1; last < length; last++) {
        window = (window << 8) ^ text[last]!;
        const slot = Math.imul(window, 0x9e3779b1) >>> shift;
        if ((used[slot >> 3]! & (1 << (slot & 7))) === 0) continue;
        const low = first[slot]!;
        const high = first[slot + 1]!;
        const at = last - (shortestWord - 1);
        let word = behind(low, high, text, at, length) - 1;
        if (word < low) continue;
        const same = common(word, text, at, length);
        while (word >= 0 && lengthOf(word) > same) word = shorter[word]!;
        if (word >= 0) addRange(found, at, at + lengthOf(word));
      }
    },
    beforeCuts({ codes: text, length }, found) {
      let last = 0;
      for (let cut = text.indexOf(cutMark); cut >= 0 && cut < length; cut = text.indexOf(cutMark, cut + 1)) {
        for (let at = Math.max(last, cut - longestWord + 1); at <= cut - shortestWord; at++) {
          let window = 0;
          for (let ahead = 0; ahead < shortestWord; ahead++) window = (window << 8) ^ text[at + ahead]!;
          const slot = Math.imul(window, 0x9e3779b1) >>> shift;
          const low = first[slot]!;
          const high = first[slot + 1]!;
          // The first word that is not before what is left begins with it, if any does.
          const word = low === high ? high : behind(low, high, text, at, cut);
          const begins = (one: number) => one >= low && one < high && common(one, text, at, cut) === cut - at;
          if (!begins(word) && !begins(word - 1)) continue;
          addRange(found, at, cut);
          break;
        }
        last = cut + 1;
      }
    },
  };
}
