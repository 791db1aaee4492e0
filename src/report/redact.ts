import type { Redact } from "./redact/index.ts";

export { cutText } from "./redact/fold.ts";
export { createRedactor, growingRedactor, type Redact, type Redactor } from "./redact/index.ts";
export { canHide, parts } from "./redact/parts.ts";

/** What our own fields are called: to change one would break who reads them. */
const ownKey = /^[a-z][A-Za-z]*$/;

/** Any JSON value with every text in it redacted, also as a key that is no name of ours. */
export function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => redactDeep(one, redact));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      ownKey.test(key) ? key : redact(key),
      redactDeep(one, redact),
    ]),
  );
}
