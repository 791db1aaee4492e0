// biome-ignore lint/suspicious/noControlCharactersInRegex: Python takes them for blanks
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Does `str.isspace` hold for a character? */
export const isSpace = (c: string): boolean => SPACE.test(c);

/** Does `bytes.isspace` hold for a byte? */
export const isByteSpace = (c: string): boolean => /[\t-\r ]/.test(c);

/** `text.strip()` */
export function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text[from] as string)) from++;
  while (to > from && isSpace(text[to - 1] as string)) to--;
  return text.slice(from, to);
}
