import type { Redact } from "./redact/index.ts";

export { createRedactor, growingRedactor, type Redact, type Redactor } from "./redact/index.ts";
export { canHide, parts } from "./redact/parts.ts";

/** Any JSON value with every text in it redacted; the names of keys stay. */
export function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => redactDeep(one, redact));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactDeep(one, redact)]));
}
