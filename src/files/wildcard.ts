/**
 * Whether a text fits a pattern of literal text and wildcards. `*` is any text and, with `one`, `?` any character; with
 * `level` `*` ends at a slash, and `**` does not. Takes time in proportion to the square of the text's length at most,
 * however many wildcards there are: a regular expression of them goes back and forth for ever.
 */
export function fitsWildcards(
  pattern: string,
  text: string,
  any: { one?: true; level?: true } = {},
): boolean {
  // reached[n]: what was read of the pattern fits the first n characters of the text.
  let reached = [true];
  for (const [part] of pattern.matchAll(/\*+|[\s\S]/g)) {
    const next: boolean[] = [];
    for (let at = 0; at <= text.length; at++) {
      const before = text[at - 1];
      if (part[0] === "*") {
        const stops = any.level && part === "*" && before === "/";
        next[at] = reached[at] === true || (next[at - 1] === true && !stops);
      } else next[at] = reached[at - 1] === true && (part === before || (part === "?" && any.one === true));
    }
    if (!next.includes(true)) return false;
    reached = next;
  }
  return reached[text.length] === true;
}
