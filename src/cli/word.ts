import { nearest } from "../config/nearest.ts";

/**
 * A word of the command line that is not known, for an error: `there is no verb ${…}`. It may be a secret in the wrong
 * place, and which values are secret is not known yet: it is repeated only where it looks like a name and is near one that
 * is known, so that it says little more than that one; of any other the length is told.
 */
export function unknownWord(word: string, known: readonly string[]): string {
  if (/^-{0,2}[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$/.test(word) && near(word, known)) return `"${word}"`;
  return `like that ${notShown(word)}`;
}

/** What is said of a word that may be a value in the wrong place. */
export function notShown(word: string): string {
  return `(${word.length} characters, not shown: they may be a secret)`;
}

function near(word: string, known: readonly string[]): boolean {
  const begun = word.length > 1 && known.some((name) => name.startsWith(word));
  return begun || nearest(word, known) !== null;
}
