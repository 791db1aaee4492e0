import { canHide } from "./redact.ts";

/**
 * Says, with names and never a value, which of the values stay readable wherever they are printed: too short, or a word
 * of every log, so that to hide them would hide the log. null = all can be hidden.
 */
export function unhiddenNote(values: Readonly<Record<string, string>>): string | null {
  const names = Object.keys(values).filter((name) => values[name] && !canHide(values[name]));
  if (names.length === 0) return null;
  const [was, it] = names.length === 1 ? ["value is", "it is"] : ["values are", "they are"];
  return `${names.join(", ")}: the ${was} shorter than 4 characters or a common word: where ${it} printed, ${names.length === 1 ? "it" : "they"} can be read; longer ones are hidden`;
}
