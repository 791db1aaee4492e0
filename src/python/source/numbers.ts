import type { StmtNode } from "py-ast";
import { type Loose, visit } from "./mended.ts";

/** What is thrown for it, as py-ast throws what it refuses itself; columns count from 0. */
interface Refused {
  lineno: number;
  col_offset: number;
  message: string;
}

/**
 * The first number that py-ast reads and Python refuses: Python 2 took `0644` for an octal one, and underscores separate
 * digits. The tree has its final positions (mended.ts).
 */
export function refusedNumber(body: StmtNode[], source: string): Refused | null {
  if (!/\b0[\d_]|\d_(?!\d)/.test(source)) return null;
  const lines = source.split("\n");
  let first: Refused | null = null;
  visit(
    body,
    new Set(),
    () => first === null,
    (node) => {
      const message = whyRefused(node, lines);
      if (message) first ??= { lineno: node.lineno ?? 1, col_offset: node.col_offset ?? 0, message };
    },
  );
  return first;
}

function whyRefused({ nodeType, value, ...at }: Loose, lines: string[]): string | null {
  if (nodeType !== "Constant" || !/^(number|bigint)$/.test(typeof value)) return null;
  const text = lines[(at.lineno ?? 1) - 1]?.slice(at.col_offset, at.end_col_offset) ?? "";
  if (!/^[\d_]+$/.test(text)) return null;
  if (text.startsWith("0") && /[1-9]/.test(text))
    return "leading zeros are not permitted; an octal number begins with 0o";
  return /__|_$/.test(text) ? "invalid decimal literal" : null;
}
