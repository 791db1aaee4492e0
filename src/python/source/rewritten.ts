// What Python reads and py-ast does not, written so that it does. Lines stay where they are, and so do the columns of
// all others.

/** How Python itself sees a text before it reads it: ends of lines are one character, a form feed is nothing. */
export function normalised(text: string): string {
  return (
    text
      .replace(/^\uFEFF/, "")
      .replace(/\r\n?/g, "\n")
      // Before a statement it counts for nothing, nor does what stands before it: a page begins there.
      .replace(/^(?:[ \t]*\f)+/gm, "")
      .replace(/\f/g, " ")
  );
}

/** Lines that are longer are left alone: nobody writes them by hand, and the patterns would take too long. */
const LONGEST = 2000;

/** The text with brackets where py-ast needs them, and `for` where it reads no `async for`. */
export function rewritten(source: string): string {
  const code = blotted(source).split("\n");
  return source
    .split("\n")
    .map((line, i) => (line.length > LONGEST ? line : rewrittenLine(line, code[i] as string)))
    .join("\n");
}

/** A source of the same length and lines in which nothing of comments and texts is left but underscores. */
export const blotted = (source: string): string =>
  source.replace(NO_CODE, (found) => found.replace(/[^\n]/g, "_"));

/** Comments and texts, of one line or of several. */
const NO_CODE =
  /#[^\n]*|"""(?:\\[\s\S]|(?!""")[^\\])*"""|'''(?:\\[\s\S]|(?!''')[^\\])*'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;

/** A head, what needs brackets, and what follows: `except a, b:`, `case a, *rest:`, `match a, b:`. */
const UNBRACKETED = [
  /^([ \t]*except[ \t]+)([^\s(:*][^:()]*,[^:()]*)(?=:)/,
  /^([ \t]*case[ \t]+)([^:]*,[^:]*?)(?=(?:[ \t]+if\b.*)?:)/,
  /^([ \t]*match[ \t]+)([^:([{]*,[^:]*)(?=:[ \t_]*$)/,
];

/** In a set or a dict py-ast reads `for` only; a line that begins with `async for` and ends with a colon is a loop. */
const ASYNC = /(?<=\S.*)\basync(?=[ \t]+for\b)|(?<=^[ \t]*)async(?=[ \t]+for\b(?!.*:[ \t_]*$))/g;

/** `code` is the line with its texts and comments blotted out. */
function rewrittenLine(line: string, code: string): string {
  for (const pattern of UNBRACKETED) {
    const [, head = "", inner = ""] = pattern.exec(code) ?? [];
    const end = head.length + inner.length;
    if (inner) return `${head}(${line.slice(head.length, end)})${line.slice(end)}`;
  }
  let out = line;
  for (const { index } of code.matchAll(ASYNC)) out = `${out.slice(0, index)}     ${out.slice(index + 5)}`;
  return out;
}
