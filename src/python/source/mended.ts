// Where the trees of py-ast are not those of CPython. Only a text that may hold such a thing is walked.
import type { StmtNode } from "py-ast";
import { blotted } from "./rewritten.ts";

const WIDE = /[^\0-\x7f]/;

/** What is looked at of a node, whatever its kind. */
export interface Loose {
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
  if (/^[ \t]*\(/m.test(source)) markAnnotations(body);
  const wide = WIDE.test(source);
  if (!wide && !/\[\s*\*/.test(source)) return;
  const lines = source.split("\n");
  const mends = [packSlice];
  if (wide) mends.push(inCharacters(lines));
  if (wide && WIDE.test(blotted(source))) mends.push(normaliseNames);
  visit(body, new Set(), within(lines), (node) => {
    for (const one of mends) one(node);
  });
}

/** Tells whether there may be something to mend in a node: most have nothing, and nothing in them is looked at. */
function within(lines: string[]): (node: Loose) => boolean {
  const before = [0];
  for (const line of lines)
    before.push((before.at(-1) as number) + (WIDE.test(line) || /\[\s*(\*|$)/.test(line) ? 1 : 0));
  return ({ lineno, end_lineno, decorator_list }) => {
    if (lineno === undefined || end_lineno === undefined) return true;
    const first = (decorator_list as Loose[] | undefined)?.[0]?.lineno ?? lineno;
    return before[end_lineno] !== before[first - 1];
  };
}

/** Every node below one, as far as `enters` allows. */
export function visit(
  node: object,
  seen: Set<object>,
  enters: (node: Loose) => boolean,
  see: (node: Loose) => void,
): void {
  // Positions are changed once.
  if (!enters(node as Loose) || seen.has(node)) return;
  seen.add(node);
  if ((node as Loose).nodeType) see(node as Loose);
  for (const part of Object.values(node))
    if (typeof part === "object" && part !== null) visit(part, seen, enters, see);
}

/** Bytes to characters, in lines that are not the same in both. */
function inCharacters(lines: string[]): (node: Loose) => void {
  const known = new Map<number, Uint32Array | null>();
  const column = (line: number | undefined, bytes: number): number => {
    if (line === undefined) return bytes;
    let table = known.get(line);
    if (table === undefined) {
      const text = lines[line - 1] ?? "";
      table = WIDE.test(text) ? charactersBefore(text) : null;
      known.set(line, table);
    }
    return table?.[bytes] ?? bytes;
  };
  return (node) => {
    if (node.col_offset !== undefined) node.col_offset = column(node.lineno, node.col_offset);
    if (node.end_col_offset !== undefined) node.end_col_offset = column(node.end_lineno, node.end_col_offset);
  };
}

/** How many UTF-16 units stand before each byte of a line, and before its end. */
function charactersBefore(text: string): Uint32Array {
  const table = new Uint32Array(Buffer.byteLength(text) + 1);
  let bytes = 0;
  let units = 0;
  for (const char of text) {
    table[bytes] = units;
    bytes += Buffer.byteLength(char);
    units += char.length;
  }
  table[bytes] = units;
  return table;
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
function markAnnotations(body: unknown): void {
  if (!Array.isArray(body)) return;
  for (const node of body as Loose[]) {
    const target = node.nodeType === "AnnAssign" ? (node.target as Loose) : node;
    if (target.col_offset !== node.col_offset || target.lineno !== node.lineno) node.simple = 0;
    for (const part of ["body", "orelse", "finalbody", "handlers", "cases"]) markAnnotations(node[part]);
  }
}

function packSlice(node: Loose): void {
  const slice = node.nodeType === "Subscript" ? (node.slice as Loose) : undefined;
  if (slice?.nodeType !== "Starred") return;
  const { lineno, col_offset, end_lineno, end_col_offset, ctx } = slice;
  node.slice = { nodeType: "Tuple", elts: [slice], ctx, lineno, col_offset, end_lineno, end_col_offset };
}
