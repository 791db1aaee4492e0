import { setSecret } from "@actions/core";
import { growingRedactor, parts, type Redact } from "../report/redact.ts";

/** Secret values as they become known: hidden by the runner in its log, and by us in everything we write. */
export interface Mask {
  add(values: (string | null | undefined)[]): void;
  redact: Redact;
}

/** The runner keeps a pattern for each mask, for the rest of the job: a value of more lines is left to us alone. */
const mostLines = 200;

export function createMask(): Mask {
  const { add, redact } = growingRedactor();
  const told = new Set<string>();
  return {
    add(values) {
      const given = values.filter((value): value is string => Boolean(value));
      add(given);
      for (const value of given) {
        const texts = parts(value);
        for (const text of texts.length > mostLines ? texts.slice(0, 1) : texts) {
          if (told.has(text)) continue;
          told.add(text);
          setSecret(text);
        }
      }
    },
    redact,
  };
}
