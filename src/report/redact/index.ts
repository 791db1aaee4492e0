import { createRoom, keptRoom, putCodes, roomFor } from "./codes.ts";
import { cutAscii, cutText, type Folded, fold, type View, views } from "./fold.ts";
import { parts } from "./parts.ts";
import { createPieces, type Pieces } from "./pieces.ts";
import { addRange, merged, type Ranges } from "./ranges.ts";
import { createShortened, type Shortened } from "./shortened.ts";
import { mostEncodedLines, type Spellings, spellings } from "./spellings.ts";
import { createWords, longestWord, type Words } from "./words.ts";

/** Replaces what must not be seen in a text. */
export type Redact = (text: string) => string;

/** A redactor that is told further values on its way; to tell it one costs little, however many there are. */
export interface Redactor {
  add(values: Iterable<string>): void;
  redact: Redact;
}

/**
 * A function that writes `***` for every secret value in a text: as it is, line by line where it has several lines,
 * the password of a URL on its own, and each of these as JSON (also twice), Python, shell, HTML, URLs, base64, base32 and
 * hexadecimal write it; also where terminal sequences or invisible characters stand in it, and the half of one that
 * stands at a cut (`[…]`), and what is left of one that a program shortened. Any size and number of values; linear in the text. Never throws.
 */
export function createRedactor(values: Iterable<string>): Redact {
  const { add, redact } = growingRedactor();
  add(values);
  return redact;
}

/** Values that were learnt together, and what finds them. */
interface Generation {
  texts: Spellings;
  finders: Partial<Record<View, Finder>>;
  shortened?: Shortened;
}

/** After so many texts, or for a large one, generations are made one: until then more values may come. */
const manyTexts = 100;
const largeText = 50_000;

export function growingRedactor(): Redactor {
  const known = new Set<string>();
  let waiting: string[] = [];
  // A later one is smaller than the one before: the work for all values, one by one, is not the square of their number.
  const generations: Generation[] = [];
  let calls = 0;
  const mergeLast = () => {
    const [a, b] = generations.splice(-2);
    const texts = Object.fromEntries(views.map((view) => [view, [...a!.texts[view], ...b!.texts[view]]]));
    generations.push({ texts: texts as Spellings, finders: {} });
  };
  const size = ({ texts }: Generation) => texts.plain.length;
  const learn = () => {
    generations.push({ texts: spellingsOf(waiting), finders: {} });
    waiting = [];
    calls = 0;
    while (generations.length > 1 && size(generations.at(-2)!) <= size(generations.at(-1)!)) mergeLast();
  };
  return {
    add(values) {
      for (const value of values) {
        if (known.has(value)) continue;
        known.add(value);
        waiting.push(value);
      }
    },
    redact(text) {
      if (known.size === 0) return text;
      if (waiting.length > 0) learn();
      if (++calls > manyTexts || text.length > largeText) while (generations.length > 1) mergeLast();
      return mask(text, generations);
    },
  };
}

function spellingsOf(values: string[]): Spellings {
  const all: Spellings = { plain: [], slashed: [], encoded: [] };
  for (const value of values) {
    const texts = parts(value);
    for (const [index, text] of texts.entries()) {
      // The whole value comes first.
      const written = spellings(text, index < 2 || texts.length <= mostEncodedLines);
      for (const view of views) for (const one of written[view]) all[view].push(one);
    }
  }
  return all;
}

/** What is longer than a word is found in pieces of this size; encoded text is short in lines and never a word. */
const pieceSize: Record<View, number> = { plain: 32, slashed: 32, encoded: 12 };

/** `cut`: the text may have cuts. */
type Finder = (text: Folded, cut: boolean, found: Ranges) => void;

function createFinder(texts: readonly string[], size: number): Finder {
  const encoded = size < 32;
  const long = texts.filter((text) => text.length > longestWord || (encoded && text.length > 2 * size));
  const pieces: Pieces = createPieces(long, size);
  const ends = texts.filter((text) => text.length > longestWord);
  const all = [
    ...texts,
    ...pieces.words,
    ...ends.flatMap((text) => [text.slice(0, longestWord), text.slice(-longestWord)]),
  ];
  const words: Words = createWords(all);
  // Only texts that were cut need it.
  let backwards: Words | null = null;
  return (text, cut, found) => {
    words.search(text, found);
    pieces.search(text, found);
    if (cut) {
      words.beforeCuts(text, found);
      backwards ??= createWords(all.map(reversed));
      const mirrored: Ranges = [];
      const codes = text.codes.slice(0, text.length).reverse();
      backwards.beforeCuts({ codes, length: text.length }, mirrored);
      for (const [from, to] of merged(mirrored)) addRange(found, text.length - to, text.length - from);
    }
  };
}

function reversed(text: string): string {
  let result = "";
  for (let at = text.length - 1; at >= 0; at--) result += text[at];
  return result;
}

/** For a text as it is, and for it in folded form. */
let plainRoom = createRoom();
let foldedRoom = createRoom();

function mask(text: string, generations: Generation[]): string {
  const found: Ranges = [];
  plainRoom = roomFor(text, plainRoom);
  foldedRoom = roomFor(text, foldedRoom);
  const codes = putCodes(text, plainRoom);
  const room = foldedRoom.codes;
  // A sequence may be taken away from within a value, and a value may stand within a sequence.
  const sequences = text.includes("\x1b") || text.includes("\x9b") ? [false, true] : [false];
  const cut = text.includes(cutText) || text.includes(cutAscii);
  let result: Ranges = [];
  for (const whole of sequences) {
    for (const view of views) {
      if (view === "slashed" && !text.includes("\\")) continue;
      const folded = fold(text, codes, view, whole, room);
      for (const { texts, finders } of generations) {
        finders[view] ??= createFinder(texts[view], pieceSize[view]);
        finders[view](folded, cut, result);
      }
      if (result.length === 0) continue;
      locate(text, codes, view, whole, folded, result, found);
      result = [];
    }
  }
  if (text.includes("…") || text.includes("...")) {
    for (const one of generations) {
      one.shortened ??= createShortened(one.texts.plain);
      one.shortened(text, codes, found);
    }
  }
  plainRoom = keptRoom(plainRoom);
  foldedRoom = keptRoom(foldedRoom);
  if (found.length === 0) return text;
  let shown = "";
  let at = 0;
  for (const [from, to] of merged(found)) {
    shown += `${text.slice(at, from)}***`;
    at = to;
  }
  return shown + text.slice(at);
}

/** From places in the folded text to those in the text itself. */
function locate(
  text: string,
  codes: Uint16Array,
  view: View,
  sequences: boolean,
  folded: Folded,
  result: Ranges,
  found: Ranges,
): void {
  if (folded.length === text.length) {
    for (const [from, to] of merged(result)) addRange(found, from, to);
    return;
  }
  const positions = new Int32Array(text.length);
  fold(text, codes, view, sequences, folded.codes, positions);
  for (const [from, to] of merged(result)) addRange(found, positions[from]!, positions[to - 1]! + 1);
}
