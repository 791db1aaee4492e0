import { blotted } from "./rewritten.ts";

/** Python 2 took `0644` for an octal number; Python 3 refuses it, as it does underscores that separate no digits. */
const REFUSED = /(?<![\w.]|[\d.][eE][-+])(?:(0[\d_]*[1-9][\d_]*)(?![\w.])|\d+(?:_\d+)*_(?!\d))/;

/** Where a number stands that py-ast reads and Python refuses; columns count from 0. */
export function refusedNumber(
  source: string,
): { lineno: number; col_offset: number; message: string } | null {
  if (!/\b0[\d_]|\d_(?!\d)/.test(source)) return null;
  const found = REFUSED.exec(blotted(source, " "));
  if (!found) return null;
  const before = source.slice(0, found.index);
  return {
    lineno: before.split("\n").length,
    col_offset: found.index - before.lastIndexOf("\n") - 1,
    message: found[1]
      ? "leading zeros in decimal integer literals are not permitted; an octal number begins with 0o"
      : "invalid decimal literal",
  };
}
