import type { Paint } from "./paint.ts";
import { visible } from "./visible.ts";

/**
 * What GitHub's runner passes over when it looks for a command (actions/runner, ActionCommand.cs): it trims every
 * white space of Unicode, and compares by the rules of a culture, for which characters without a weight are not there.
 */
const weightless = "\\p{C}\\p{M}\\p{Default_Ignorable_Code_Point}";
const command = new RegExp(`^((?:(?!\\n)[\\s\\p{Z}${weightless}])*):(?=(?:(?!\\n)[${weightless}])*:)`, "gmu");
const oldCommand = /#([^ -~\n]*)#(?=[^ -~\n]*\[)/g;

/**
 * Lines that the runner prints and does not obey: `::command::` at the beginning of one, `##[command]` anywhere in
 * one. Also for a terminal's reader: a run in a workflow may be told to write as for people.
 */
export function harmless(text: string): string {
  return text.replace(command, "$1: ").replace(oldCommand, "#$1# ");
}

/**
 * A whole text on its way out, when our own colours are in it: nothing else of what a terminal obeys is left. The
 * parts that are not ours went through `visible` before they were painted.
 */
export function printed(text: string, paint?: Pick<Paint, "color">): string {
  if (!paint?.color) return harmless(visible(text));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ones that styleText writes
  const parts = text.split(/(\x1b\[(?:[12]|2[24]|3[1-6]|39)m)/);
  return harmless(parts.map((part, at) => (at % 2 ? part : visible(part))).join(""));
}
