import type { Finding } from "./types.ts";

/** One finding; what is not given is null. */
export function finding(
  id: string,
  level: Finding["level"],
  message: string,
  more: Partial<Finding> = {},
): Finding {
  return { id, level, message, expected: null, seen: null, fix: null, ...more };
}
