/**
 * The two files of a translation, as far as it takes to see that one was made from the other.
 * https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and MO-Files.html
 */

/** What a message is found by, as msgfmt has it (`context U+0004 id NUL plural`), and its translations with NUL between. */
type Catalogue = Map<string, string>;

interface Entry {
  fuzzy: boolean;
  /** By keyword: msgctxt, msgid, msgid_plural, msgstr, msgstr[1], in their order. */
  texts: Map<string, string>;
}

const KEYWORD = /^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*(?=")/;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Whether a `.po` has anything that would be compiled; true also where it is not understood. */
export function translates(po: string): boolean {
  return entriesOf(po)?.some((entry) => idOf(entry) !== "" && isCompiled(entry)) ?? true;
}

/** msgfmt compiles neither what is marked as a guess nor what has no text yet. */
const isCompiled = (entry: Entry): boolean =>
  !entry.fuzzy && textsOf(entry)[0] !== "" && textsOf(entry).length > 0;

const textsOf = ({ texts }: Entry): string[] =>
  [...texts].filter(([key]) => key.startsWith("msgstr")).map(([, one]) => one);

/** The translated messages of a `.po`; null where it is not in UTF-8 or holds a line that is not understood. */
export function readPo(text: string): Catalogue | null {
  const found: Catalogue = new Map();
  for (const entry of entriesOf(text) ?? [null]) {
    if (entry === null) return null;
    const id = idOf(entry);
    const texts = textsOf(entry);
    if (id === "" && /charset=(?!utf-?8)/i.test(texts.join(""))) return null;
    if (id !== "" && isCompiled(entry)) found.set(id, texts.join("\0"));
  }
  return found;
}

function idOf({ texts }: Entry): string {
  const [context, plural] = [texts.get("msgctxt"), texts.get("msgid_plural")];
  const id = texts.get("msgid") ?? "";
  return `${context === undefined ? "" : `${context}\x04`}${id}${plural === undefined ? "" : `\0${plural}`}`;
}

function entriesOf(text: string): Entry[] | null {
  const entries: Entry[] = [];
  let now: Entry = { fuzzy: false, texts: new Map() };
  let key = "";
  for (const line of text.split(/\r\n|\r|\n/).map((one) => one.trim())) {
    const keyword = KEYWORD.exec(line)?.[1];
    const begins = line.startsWith("#") || keyword === "msgctxt" || keyword === "msgid";
    if (begins && now.texts.has("msgid") && key.startsWith("msgstr")) {
      entries.push(now);
      now = { fuzzy: false, texts: new Map() };
    }
    if (line === "") continue;
    if (line.startsWith("#")) {
      now.fuzzy ||= /^#,.*\bfuzzy\b/.test(line);
      continue;
    }
    key = keyword ?? key;
    const part = unquoted(line.replace(KEYWORD, ""));
    if (part === null || key === "") return null;
    now.texts.set(key, (now.texts.get(key) ?? "") + part);
  }
  return now.texts.has("msgid") ? [...entries, now] : entries;
}

/** A text between quotes; null for one that is none, or that has an escape by number. */
function unquoted(text: string): string | null {
  const inner = /^"((?:[^"\\]|\\[^0-9x])*)"$/.exec(text)?.[1];
  return inner?.replace(/\\(.)/g, (_, one: string) => ESCAPES[one] ?? one) ?? null;
}

const MAGIC = 0x950412de;

/** The messages of a `.mo`; null for bytes that are none. */
export function readMo(bytes: Uint8Array): Catalogue | null {
  if (bytes.byteLength < 28) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint32(0, true) === MAGIC;
  if (!little && view.getUint32(0) !== MAGIC) return null;
  const number = (at: number) => view.getUint32(at, little);
  const [count, ids, texts] = [number(8), number(12), number(16)];
  if (Math.max(ids, texts) + count * 8 > bytes.byteLength) return null;
  const decoder = new TextDecoder();
  const textAt = (row: number) =>
    decoder.decode(bytes.subarray(number(row + 4), number(row + 4) + number(row)));
  // Rows of a file made by hand may all name the same megabyte.
  let size = 0;
  for (let i = 0; i < count; i++) size += number(ids + i * 8) + number(texts + i * 8);
  if (size > bytes.byteLength) return null;
  const found: Catalogue = new Map();
  for (let i = 0; i < count; i++) found.set(textAt(ids + i * 8), textAt(texts + i * 8));
  return found;
}

/** How many messages of a `.po` its `.mo` has otherwise or not at all; null where one of the two is not understood. */
export function notCompiled(po: string, mo: Uint8Array): number | null {
  const [written, compiled] = [readPo(po), readMo(mo)];
  if (!written || !compiled) return null;
  return [...written].filter(([id, text]) => compiled.get(id) !== text).length;
}
