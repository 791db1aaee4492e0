/** A change of one file: what stands between two offsets of its text is replaced. */
export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

/** Where a parsed node stands; lines count from 1, columns are characters from 0. */
export interface Span {
  lineno: number;
  col_offset: number;
  end_lineno?: number;
  end_col_offset?: number;
}

/** A file's text with the places of its lines, whatever ends them. */
export interface SourceText {
  text: string;
  /** How most of its lines end. */
  newline: string;
  /** Offset of the first and after the last character of a node. */
  range(span: Span): [number, number];
  /** Offset after the line, its end included. */
  afterLine(line: number): number;
  startOfLine(line: number): number;
  /** 1-based line of an offset. */
  lineAt(offset: number): number;
}

export function sourceText(text: string): SourceText {
  const starts = [0];
  for (const found of text.matchAll(/\r\n|\r|\n/g)) starts.push(found.index + found[0].length);
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const offset = (line: number, column: number): number =>
    (starts[line - 1] ?? text.length) + (line === 1 ? mark : 0) + column;
  return {
    text,
    newline: /\r\n|\r|\n/.exec(text)?.[0] ?? "\n",
    range: (span) => [
      offset(span.lineno, span.col_offset),
      offset(span.end_lineno ?? span.lineno, span.end_col_offset ?? span.col_offset),
    ],
    afterLine: (line) => starts[line] ?? text.length,
    startOfLine: (line) => (starts[line - 1] ?? text.length) + (line === 1 ? mark : 0),
    lineAt: (at) => starts.findLastIndex((s) => s <= at) + 1,
  };
}

/** The blanks or tabs before a node that begins its line; "" for one that does not. */
export function marginOf(source: SourceText, node: Span): string {
  const before = source.text.slice(source.startOfLine(node.lineno), source.range(node)[0]);
  return before.trim() === "" ? before : "";
}

/** The text with all changes made; they must not overlap. */
export function applyEdits(text: string, edits: Edit[]): string {
  let out = text;
  for (const { start, end, text: own } of [...edits].sort((a, b) => b.start - a.start))
    out = out.slice(0, start) + own + out.slice(end);
  return out;
}
