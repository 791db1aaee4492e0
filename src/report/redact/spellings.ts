import { Buffer } from "node:buffer";
import { folded, type View } from "./fold.ts";

/** How a value is written, for the view that finds it so. */
export type Spellings = Record<View, string[]>;

/** Of a value with more lines only the whole is looked for in base64, base32 and hexadecimal. */
export const mostEncodedLines = 100;

/** What is written in a text for a part of a value: folded, as `fold` folds the text. `encode`: also what is encoded. */
export function spellings(part: string, encode: boolean): Spellings {
  return {
    plain: distinct(plain(part), "plain"),
    slashed: distinct(slashed(part), "slashed"),
    encoded: encode ? [...new Set(encoded(part))] : [],
  };
}

function distinct(texts: string[], view: View): string[] {
  return [...new Set([...new Set(texts)].map((text) => folded(text, view)))];
}

/** As it is, and as URLs, forms and HTML have it. */
function plain(part: string): string[] {
  if (/^[A-Za-z0-9_.~-]*$/.test(part)) return [part];
  const wellFormed = part.replace(/\p{Surrogate}/gu, "\ufffd");
  const component = encodeURIComponent(wellFormed);
  const quotePlus = component.replace(/[!'()*]/g, percent);
  return [
    part,
    encodeURI(wellFormed),
    component,
    component.replaceAll("%", "%25"),
    quotePlus,
    quotePlus.replaceAll("%20", "+"),
    quotePlus.replaceAll("%2F", "/"),
    component.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...urlSets.map((kept) => wellFormed.replace(kept, inUrl)),
    // What a browser sends of a form.
    wellFormed.replace(/[^*.0-9A-Z_a-z-]/gu, inUrl).replaceAll("%20", "+"),
    // A shell's way to a quote between quotes; its other one has a backslash.
    part.replaceAll("'", `'"'"'`),
    html(part, "&#x27;"),
    html(part, "&#39;"),
    html(part, "&apos;"),
    html(part, "&#39;").replaceAll("&quot;", "&#34;"),
    // Between quotes of the other kind, and in text, one or both of them stay.
    html(part, "'"),
    html(part, "'").replaceAll("&quot;", '"'),
  ];
}

/**
 * What is escaped where a program puts a text into a URL: all but what stands here. By the URL standard (section 1.3) in
 * the user and password, the path, the query and the fragment; by requote_uri of Python's requests.
 */
const urlSets = [
  /[^!$%&'()*+,.0-9A-Z_a-z~-]/gu,
  /[^!$%&'()*+,./0-9:;=@A-Z[\\\]_a-z|~-]/gu,
  /[^!$%&'()*+,./0-9:;=@A-Z[\\\]^_a-z|~-]/gu,
  /[^!$%&()*+,./0-9:;=?@A-Z[\\\]^_`a-z{|}~-]/gu,
  /[^!#$%&'()*+,./0-9:;=?@A-Z[\\\]^_a-z{|}~-]/gu,
  /[^!#$%&'()*+,./0-9:;=?@A-Z[\]_a-z~-]/gu,
];

function inUrl(char: string): string {
  return char < "\x80" ? percent(char) : encodeURIComponent(char);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** As JSON, Python and shells quote it. Backslashes are left out, so that it is the same in JSON inside JSON. */
function slashed(part: string): string[] {
  const json = JSON.stringify(part).slice(1, -1);
  const hex = (code: number, width: number) => code.toString(16).padStart(width, "0");
  const escaped = (text: string, form: (code: number) => string) =>
    text.replace(/[\u007f-\uffff]/g, (char) => form(char.charCodeAt(0)));
  const upper = (char: string) => `u${hex(char.charCodeAt(0), 4).toUpperCase()}`;
  const bytes = () =>
    Buffer.from(part)
      .toString("latin1")
      .replace(/[^\x20-\x7e]/g, (char) => named[char] ?? `x${hex(char.charCodeAt(0), 2)}`);
  const found = [
    json,
    // What HTML would take for its own: Go's way, and that of Django's json_script.
    json.replace(/[<>&]/g, (char) => `u${hex(char.charCodeAt(0), 4)}`),
    escaped(json, (code) => `u${hex(code, 4)}`).replace(
      /[<>&]/g,
      (char) => `u${hex(char.charCodeAt(0), 4).toUpperCase()}`,
    ),
    // Without quotes' and slashes' own escapes this is all that json.dumps changes; others write capitals.
    escaped(json, (code) => `u${hex(code, 4)}`),
    escaped(json, (code) => `u${hex(code, 4).toUpperCase()}`),
    part.replaceAll("'", "'''"),
    // Django's escapejs, and JSON as .NET writes it.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped too
    part.replace(/[\\'"<>&=;`\u2028\u2029\0-\x1f-]/g, upper),
    json.replace(/\\"|[&'+<>`\u007f-\uffff]/g, (found) => upper(found.slice(-1))),
  ];
  if (/[^\x20-\x7e]/.test(part)) {
    const ascii = part.replace(/[^\x20-\x7e]/gu, (char) => named[char] ?? pythonEscape(char.codePointAt(0)!));
    found.push(ascii, bytes());
  }
  return found;
}

const named: Record<string, string> = { "\n": "n", "\r": "r", "\t": "t" };

function pythonEscape(code: number): string {
  const [mark, width] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : (["U", 8] as const);
  return `${mark}${code.toString(16).padStart(width as number, "0")}`;
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", apostrophe);
}

/** The shortest that is told from a word. */
const shortestEncoded = 6;

/** In base64, base32 and hexadecimal, as the view `encoded` folds it: one alphabet, no lines, no separators. */
function encoded(part: string): string[] {
  const bytes = Buffer.from(part);
  const whole = bytes.toString("base64").replaceAll("=", "").toLowerCase().replaceAll("-", "+");
  const found: string[] = [];
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "")
      .toLowerCase();
    // Without the characters that it shares with its neighbours in a longer text (`user:password`).
    const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    found.push(text.slice(Math.ceil((offset * 8) / 6), text.length - shared));
  }
  const hex = bytes.toString("hex");
  found.push(hex, base32(bytes), armoured(part));
  // Line by line the last of a wrapped text may be too short to be known as a piece of it.
  for (const width of [64, 76]) found.push(lastLine(whole, width));
  for (const width of [30, 32, 60]) found.push(lastLine(hex, width));
  return found.filter((text) => text.length >= shortestEncoded);
}

function lastLine(text: string, width: number): string {
  return text.length > width ? text.slice(text.length - (text.length % width || width)) : "";
}

const base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** RFC 4648, in lower case and without its end that padding would change. */
function base32(bytes: Buffer): string {
  const out = Buffer.alloc(Math.floor((bytes.length * 8) / 5));
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out[filled++] = base32Alphabet.charCodeAt((held >> bits) & 31);
    }
  }
  return out.toString("latin1", 0, filled);
}

/** The base64 inside a key or a certificate (PEM), which other programs wrap anew. */
function armoured(part: string): string {
  const lines = part.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line.trim()));
  return lines.length < 2 ? "" : folded(lines.join(""), "encoded");
}
