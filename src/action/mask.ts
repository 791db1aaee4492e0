import { setSecret } from "@actions/core";
import { createRedactor, parts, type Redact } from "../report/redact.ts";

/** Secret values as they become known: hidden by the runner in its log, and by us in everything we write. */
export interface Mask {
  add(values: (string | null | undefined)[]): void;
  redact: Redact;
}

export function createMask(): Mask {
  const known: string[] = [];
  let redact = createRedactor([]);
  return {
    add(values) {
      const given = values.filter((value): value is string => Boolean(value));
      for (const value of given) for (const part of parts(value)) setSecret(part);
      known.push(...given);
      redact = createRedactor(known);
    },
    redact: (text) => redact(text),
  };
}
