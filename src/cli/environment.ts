import { didYouMean } from "../config/nearest.ts";
import { usageError } from "../errors.ts";
import { listed } from "../report/visible.ts";
import { notShown, unknownWord } from "./word.ts";

/**
 * Splits the words of a verb into the environment and the rest. The environment may be left out where there is only
 * one; a word that no verb argument can be (`further: false`) is taken for a misspelt environment.
 */
export function splitEnvironment(
  words: string[],
  environments: readonly string[],
  further: boolean,
): { environment: string; rest: string[] } {
  const [first, ...others] = words;
  if (first !== undefined && environments.includes(first)) return { environment: first, rest: others };
  const only = environments.length === 1 ? environments[0]! : null;
  if (only !== null && (first === undefined || further)) return { environment: only, rest: words };
  const known = listed(environments);
  if (first === undefined) {
    throw usageError("usage.environment", `which environment? djdeploy.yml has ${known}`, {
      hint: `name one: ${environments[0]}`,
    });
  }
  throw usageError(
    "usage.environment",
    `there is no environment ${unknownWord(first, environments)}${didYouMean(first, environments)}`,
    { expected: `one of ${known}` },
  );
}

/** Refuses words that the verb has no use for. */
export function noMore(words: string[], hint?: string): void {
  if (words.length === 0) return;
  throw usageError("usage.argument", `one argument too many ${notShown(words[0]!)}`, hint ? { hint } : {});
}
