// Where the trees of py-ast are not those of CPython. Only a text that may hold such a thing is walked.
import type { StmtNode } from "py-ast";

/** What is looked at of a node, whatever its kind. */
interface Loose {
  nodeType?: string;
  lineno?: number;
  col_offset?: number;
  end_lineno?: number;
  end_col_offset?: number;
  [field: string]: unknown;
}

/**
 * Mends a tree in its place: columns count characters (UTF-16), not bytes of UTF-8; names are in Python's normal form;
 * `(x): int` annotates no simple name; `a[*b]` has a tuple in its brackets.
 */
export function mend(body: StmtNode[], source: string): void {
  const mends: ((node: Loose) => void)[] = [];
  if (/[^\0-\x7f]/.test(source)) mends.push(normaliseNames, inCharacters(source.split("\n")));
  if (/^[ \t]*\(/m.test(source)) mends.push(markAnnotation);
  if (/\[\s*\*/.test(source)) mends.push(packSlice);
  if (mends.length === 0) return;
  visit(body, new Set(), (node) => {
    for (const one of mends) one(node);
  });
}

function visit(node: unknown, seen: Set<object>, see: (node: Loose) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node) visit(one, seen, see);
    return;
  }
  // Positions are changed once.
  if (seen.has(node)) return;
  seen.add(node);
  if ((node as Loose).nodeType) see(node as Loose);
  for (const part of Object.values(node)) visit(part, seen, see);
}

/** Bytes to characters, in lines that are not the same in both. */
function inCharacters(lines: string[]): (node: Loose) => void {
  const wide = lines.map((line) => /[^\0-\x7f]/.test(line));
  const column = (line: number | undefined, bytes: number): number =>
    line !== undefined && wide[line - 1]
      ? Buffer.from(lines[line - 1] ?? "").toString("utf8", 0, bytes).length
      : bytes;
  return (node) => {
    if (node.col_offset !== undefined) node.col_offset = column(node.lineno, node.col_offset);
    if (node.end_col_offset !== undefined) node.end_col_offset = column(node.end_lineno, node.end_col_offset);
  };
}

/** The fields that hold a name, or several. */
const NAMES = ["id", "attr", "arg", "name", "asname", "module", "rest", "kwd_attrs", "names"];

function normaliseNames(node: Loose): void {
  if (node.nodeType === "Constant") return;
  for (const field of NAMES) {
    const v = node[field];
    if (typeof v === "string") node[field] = v.normalize("NFKC");
    else if (Array.isArray(v))
      for (const [i, one] of v.entries()) if (typeof one === "string") v[i] = one.normalize("NFKC");
  }
}

/** py-ast takes the brackets of `(x): int` away and calls it simple. */
function markAnnotation(node: Loose): void {
  if (node.nodeType !== "AnnAssign") return;
  const target = node.target as Loose;
  if (target.col_offset !== node.col_offset || target.lineno !== node.lineno) node.simple = 0;
}

function packSlice(node: Loose): void {
  const slice = node.nodeType === "Subscript" ? (node.slice as Loose) : undefined;
  if (slice?.nodeType !== "Starred") return;
  const { lineno, col_offset, end_lineno, end_col_offset, ctx } = slice;
  node.slice = { nodeType: "Tuple", elts: [slice], ctx, lineno, col_offset, end_lineno, end_col_offset };
}
