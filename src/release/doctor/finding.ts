import type { Finding } from "./types.ts";

export function finding(
  id: string,
  level: Finding["level"],
  message: string,
  more: Partial<Finding> = {},
): Finding {
  return { id, level, message, expected: null, seen: null, fix: null, ...more };
}
