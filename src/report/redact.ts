/** Replaces what must not be seen in a text. */
export type Redact = (text: string) => string;

/** Shorter values say nothing when masked and would mangle everything else. */
const shortest = 4;
/** Words and small numbers that stand in every log: masking them would hide the log and show the value. */
const commonplace = /^(?:true|false|none|null|undefined|localhost|production|staging|development|\d{1,5})$/i;

/**
 * A function that writes `***` for every secret value in a text: as it is, line by line where it has several lines,
 * the password of a URL on its own, and each of these as JSON, Python, shell, HTML, URLs and base64 write it.
 */
export function createRedactor(values: Iterable<string>): Redact {
  const forms = new Set<string>();
  for (const value of values) {
    for (const part of parts(value)) for (const form of spellings(part)) forms.add(form);
  }
  if (forms.size === 0) return (text) => text;
  // The longest first: a value must not be cut by a shorter one that it contains.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(sorted.map(escapeRegExp).join("|"), "g");
  return (text) => text.replace(pattern, "***");
}

/** Any JSON value with every text in it redacted; the names of keys stay. */
export function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => redactDeep(one, redact));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactDeep(one, redact)]));
}

/** The texts of a value that are secret on their own. */
export function parts(value: string): string[] {
  const found = [value, value.trim(), ...value.split(/\r\n|\r|\n/).map((line) => line.trim())];
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*?:([^/?#\s]*)@/i.exec(value)?.[1];
  if (password) found.push(password, decodePercent(password));
  return [...new Set(found)].filter((part) => part.length >= shortest && !commonplace.test(part));
}

function spellings(part: string): string[] {
  const json = JSON.stringify(part).slice(1, -1);
  const wellFormed = part.replace(/\p{Surrogate}/gu, "\ufffd");
  const uri = encodeURI(wellFormed);
  const component = encodeURIComponent(wellFormed);
  const quotePlus = component.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [
    part,
    json,
    asciiOnly(json),
    json.replaceAll("/", "\\/"),
    json.replaceAll('\\"', '"'),
    json.replaceAll('\\"', '"').replaceAll("'", "\\'"),
    uri,
    component,
    quotePlus,
    quotePlus.replaceAll("%20", "+"),
    quotePlus.replaceAll("%2F", "/"),
    component.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    part.replaceAll("'", "'\\''"),
    part.replaceAll("'", `'"'"'`),
    html(part, "&#x27;"),
    html(part, "&#39;"),
    ...base64(part),
  ].filter((form) => form.length >= shortest);
}

/** As json.dumps writes it: nothing beyond ASCII. */
function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", apostrophe);
}

/**
 * What base64 makes of the value at each of the three offsets it can have inside a longer text (`user:password`),
 * without the characters that it shares with its neighbours; both alphabets.
 */
function base64(part: string): string[] {
  const bytes = Buffer.from(part);
  const found: string[] = [];
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const own = text.slice(Math.ceil((offset * 8) / 6), text.length - shared);
    if (own.length >= 6) found.push(own, own.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return found;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
