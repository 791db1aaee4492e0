import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";
import { usageError } from "../errors.ts";

/**
 * The text of djdeploy.yml with more entries in `lint.ignore` (id → reason). Ids that are there stay as they are;
 * nothing else of the text changes, comments and line ends included. Throws `config.not-editable` (exit code 2) where
 * the file is written in a way that leaves no place for them.
 */
export function addIgnores(text: string, entries: Record<string, string>): string {
  const before = parse(text);
  const known = before.getIn(["lint", "ignore"]);
  const added = Object.entries(entries).filter(([id]) => !isMap(known) || !known.has(id));
  if (added.length === 0) return text;
  const after = insert(text, before, added);
  const wanted = plain(before);
  wanted.lint = { ...wanted.lint, ignore: { ...wanted.lint?.ignore, ...Object.fromEntries(added) } };
  const made = parse(after);
  if (made.errors.length > 0 || !isDeepStrictEqual(plain(made), wanted)) throw notEditable();
  return after;
}

type Plain = Record<string, unknown> & {
  lint?: Record<string, unknown> & { ignore?: Record<string, string> };
};

const parse = (text: string): Document => parseDocument(text, { merge: true });
const plain = (document: Document): Plain => (document.toJS() ?? {}) as Plain;

function notEditable(): Error {
  return usageError("config.not-editable", "lint.ignore cannot be added to this djdeploy.yml", {
    expected: "lint: with ignore: below it, as lines of their own",
    hint: "write `lint:` and `  ignore: {}` into the file, or add the ids by hand",
  });
}

type Entries = [id: string, reason: string][];

const row = ([id, reason]: Entries[number]): string => `${id}: ${JSON.stringify(reason)}`;

function insert(text: string, document: Document, added: Entries): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const top = document.contents;
  if (!isMap(top) || top.flow) throw notEditable();
  const lint = pairOf(top, "lint");
  const rows = (margin: string): string[] => added.map((one) => `${margin}${row(one)}`);
  const lines = (all: string[]): string => all.map((line) => `${line}${newline}`).join("");
  if (!lint) return append(text, lines(["lint:", "  ignore:", ...rows("    ")]), newline, document);
  if (isEmpty(lint)) return putBelow(text, lint, lines(["  ignore:", ...rows("    ")]), newline);
  const inside = lint.value;
  if (!isMap(inside)) throw notEditable();
  const ignore = pairOf(inside, "ignore");
  if (inside.flow) {
    const flow = `{${added.map(row).join(", ")}}`;
    if (!ignore) return intoFlow(text, inside, `ignore: ${flow}`);
    return isMap(ignore.value) ? intoFlow(text, ignore.value, added.map(row).join(", ")) : fail();
  }
  const margin = " ".repeat(columnOf(text, inside));
  if (!ignore) return putAfter(text, inside, lines([`${margin}ignore:`, ...rows(`${margin}  `)]), newline);
  if (isEmpty(ignore)) return putBelow(text, ignore, lines(rows(`${margin}  `)), newline);
  if (!isMap(ignore.value)) throw notEditable();
  if (ignore.value.flow) return intoFlow(text, ignore.value, added.map(row).join(", "));
  return putAfter(text, ignore.value, lines(rows(" ".repeat(columnOf(text, ignore.value)))), newline);
}

function fail(): never {
  throw notEditable();
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
}

/** `ignore:` with nothing, null or an empty flow map behind it. */
function isEmpty({ value }: Pair): boolean {
  if (value === null || (isScalar(value) && value.value === null)) return true;
  return isMap(value) && value.flow === true && value.items.length === 0;
}

const rangeOf = (node: unknown): [number, number] => {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return range ? [range[0], range[1]] : fail();
};

/** How far the first key of a block map stands from the left margin. */
function columnOf(text: string, map: YAMLMap): number {
  const [start] = rangeOf(map.items[0]?.key);
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}

/** Lines below a key; an empty value behind it goes, a comment stays. */
function putBelow(text: string, pair: Pair, lines: string, newline: string): string {
  const [, keyEnd] = rangeOf(pair.key);
  const colon = text.indexOf(":", keyEnd) + 1;
  const [start, end] = pair.value === null ? [colon, colon] : rangeOf(pair.value);
  const bare =
    text.slice(colon, start).trim() === "" && end > start ? text.slice(0, colon) + text.slice(end) : text;
  return afterLine(bare, colon, lines, newline);
}

/** Lines after the last entry of a block map. */
function putAfter(text: string, map: YAMLMap, lines: string, newline: string): string {
  const last = map.items.at(-1);
  const value = last?.value ?? last?.key;
  const [start, end] = rangeOf(value);
  return afterLine(text, end > start ? end - 1 : end, lines, newline);
}

function afterLine(text: string, at: number, lines: string, newline: string): string {
  const end = text.indexOf("\n", at);
  if (end < 0) return `${text}${newline}${lines}`;
  return text.slice(0, end + 1) + lines + text.slice(end + 1);
}

/** One more entry before the closing bracket of a flow map. */
function intoFlow(text: string, map: YAMLMap, entry: string): string {
  const [start, end] = rangeOf(map);
  const inner = text.slice(start + 1, end - 1);
  if (map.items.length === 0) return `${text.slice(0, start)}{${entry}}${text.slice(end)}`;
  const kept = inner.trimEnd().replace(/,$/, "");
  return `${text.slice(0, start + 1)}${kept}, ${entry}${inner.slice(inner.trimEnd().length)}${text.slice(end - 1)}`;
}

/** At the end of the document, before what ends it. */
function append(text: string, lines: string, newline: string, document: Document): string {
  const end = document.range?.[1] ?? text.length;
  const before = text.slice(0, end);
  const open = before !== "" && !before.endsWith("\n");
  return `${before}${open ? newline : ""}${newline}${lines}${text.slice(end)}`;
}
