import { cutText } from "./redact/fold.ts";

/**
 * The border between texts that are not ours (a commit's subject, a program's output, a host's answer, a file's name)
 * and whoever reads what we write. Nothing behind it moves a cursor, retitles a terminal, turns the direction of a
 * line, hides, or ends a line where only some readers end one. What is replaced stays readable: ESC is `\u{1b}`.
 */

/** Colours and "erase to the end of the line" say nothing; every program that paints writes them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const paint = /(?:\x1b\[|\x9b)[\d;:]*[mK]/g;

/**
 * What is not seen or is obeyed: C0 but tab and newline, DEL, C1, direction (Unicode UAX #9), line and paragraph
 * separators, zero width without a meaning in any script, annotations, tags, halves of a surrogate pair. The joiners
 * U+200C and U+200D stay: Persian, Hindi and emoji are written with them.
 */
const unseen =
  "\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff\\u{e0000}-\\u{e007f}";
/** A flag of a region (England's) is a black flag and tags. */
const flag = "\\u{1f3f4}[\\u{e0030}-\\u{e007a}]{3,6}\\u{e007f}";
const suspicious = new RegExp(`[${unseen}]`, "u");
const replaced = new RegExp(`${flag}|[${unseen}]`, "gu");

/** A text of several lines at most, safe to print. A lone carriage return is shown, not obeyed. */
export function visible(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replace(paint, "")
    .replace(/\r+\n?/g, (end) => (end.endsWith("\n") ? "\n" : end))
    .replace(replaced, (found) => (found.length > 2 ? found : escaped(found)));
}

/** What a program printed: a lone carriage return (a progress bar) begins a new line. */
export function visibleOutput(text: string): string {
  return text.includes("\r") ? visible(text.replace(/\r+\n?/g, "\n")) : visible(text);
}

/** A text that must stay within its line: a name, a title, an output of the action. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, escaped);
}

/** Any JSON value with every text in it, keys too, safe to print. */
export function visibleDeep<T>(value: T): T {
  if (typeof value === "string") return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleDeep) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [visible(key), visibleDeep(one)])) as T;
}

/** The beginning of a text that may be of any length, with the mark at which a redactor looks for half a secret. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return `${text.slice(0, end)}${cutText} (${text.length - end} more characters)`;
}

/** The same without a number: for a name within a sentence. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}${cutText}` : text;
}

/** A word as it was given, in quotation marks: short, on one line. */
export function quoted(word: string, most = 80): string {
  return `"${visibleLine(clipped(word, most))}"`;
}

/** Names as a list that ends. */
export function listed(names: readonly string[], most = 20): string {
  const more = names.length - most;
  const shown = names.slice(0, most).map((name) => visibleLine(clipped(name, 80)));
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function escaped(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
