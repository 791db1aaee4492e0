import { styleText } from "node:util";

/** Colours by meaning; without colour the text stays as it is. */
export interface Paint {
  /** False: every text stays as it is. */
  readonly color: boolean;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

export function createPaint(color: boolean): Paint {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  return {
    color,
    good: style("green"),
    bad: style("red"),
    warn: style("yellow"),
    dim: style("dim"),
    bold: style("bold"),
  };
}
