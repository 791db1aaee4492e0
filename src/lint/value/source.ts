import type { Evaluation } from "../../python/evaluate.ts";
import { shortened } from "../../report/visible.ts";
import { sourceText } from "../fix/text.ts";
import { isSecret } from "../secret-names.ts";
import type { Spot } from "./types.ts";

interface Placed {
  lineno: number;
  col_offset: number;
  end_lineno?: number;
  end_col_offset?: number;
}

/** Where a node stands, and what stands there: the whole of a statement, of others the first line. */
export function spotOf(e: Evaluation, file: string, node: Placed, setting: string, whole = true): Spot {
  const source = sourceText(e.machine.tree.read(file) ?? "");
  const [start, end] = source.range(node);
  const line = node.lineno;
  const text = whole ? source.text.slice(start, end) : source.text.slice(start, source.afterLine(line));
  const shown = text.replace(/\s*[\r\n]+\s*/g, " ").trim();
  return {
    file,
    line,
    column: start - source.startOfLine(line) + 1,
    text: cut(isSecret(setting) ? withoutTexts(shown) : shown),
  };
}

const cut = (text: string): string => shortened(text, 157);

/** What a secret is read from may be shown, the secret itself not. */
function withoutTexts(text: string): string {
  return text.replace(/(["'])((?:\\.|(?!\1).)*)\1/g, (all, quote, inner) =>
    /^[A-Z][A-Z0-9_]*$/.test(inner) || inner === "" ? all : `${quote}***${quote}`,
  );
}
