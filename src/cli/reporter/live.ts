import type { Output } from "../io.ts";

/** A few lines at the bottom of a terminal that are drawn anew, below text that stays. */
export interface Live {
  /** Text that stays, above the live lines. Ends with a newline. */
  print(text: string): void;
  /** Replaces the live lines. */
  draw(lines: string[]): void;
}

export function createLive(out: Output): Live {
  let lines: string[] = [];
  let drawn = 0;
  const erase = () => (drawn > 0 ? `\x1b[${drawn}A\x1b[J` : "");
  const body = () => {
    const rows = Math.max(2, (out.rows ?? 24) - 2);
    const hidden = lines.length - rows;
    const shown = hidden > 0 ? [...lines.slice(0, rows - 1), `  … and ${hidden + 1} more`] : lines;
    return shown.map((line) => cut(line, (out.columns ?? 80) - 1));
  };
  const show = (before: string) => {
    const now = body();
    // One write: a terminal never shows the half of it.
    const text = erase() + before + now.map((line) => `${line}\n`).join("");
    drawn = now.length;
    if (text) out.write(text);
  };
  return {
    print: show,
    draw(next) {
      lines = next;
      show("");
    },
  };
}

/** A wrapped line would count as two when it is erased. */
function cut(line: string, columns: number): string {
  const chars = [...line];
  return chars.length <= columns ? line : `${chars.slice(0, Math.max(0, columns - 1)).join("")}…`;
}
