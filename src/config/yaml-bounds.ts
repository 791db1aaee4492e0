import { Lexer } from "yaml";
import type { Problem } from "./problems.ts";

/**
 * Words, signs, line ends and comments of a file. A fleet of a thousand hosts takes a fifth of it; the parser takes
 * about a kilobyte for each.
 */
const mostTokens = 100_000;
/** Brackets in brackets; no key of ours needs more than four. */
const mostBrackets = 40;
/** The lexer announces a scalar by this, so that its text is not taken for a sign. */
const scalarFollows = "\x1f";
/** Its own marks (a document, an end, a scalar), which stand in no file. */
const marks = new Set(["\x02", "\x18", scalarFollows]);

/**
 * What would keep the parser busy, or run it out of its stack, before it could say so; null when it may read the text.
 * Stops at the first.
 */
export function yamlBounds(text: string): Problem | null {
  let count = 0;
  let depth = 0;
  let offset = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    if (++count > mostTokens) return tooLarge;
    if (!scalar && (token === "[" || token === "{") && ++depth > mostBrackets) return tooDeep(text, offset);
    if (!scalar && (token === "]" || token === "}")) depth--;
    scalar = token === scalarFollows;
    if (!marks.has(token)) offset += token.length;
  }
  return null;
}

export const tooLarge: Problem = {
  code: "too-large",
  at: { line: 1, column: 1 },
  message: "the file is too large, or its aliases multiply",
  expected: "at most 20000 values",
  hint: "what other programs read stands in files of its own",
};

function tooDeep(text: string, offset: number): Problem {
  const before = text.slice(0, offset).split("\n");
  const at = { line: before.length, column: before.at(-1)!.length + 1 };
  return { code: "syntax", at, message: `more than ${mostBrackets} brackets in each other` };
}
