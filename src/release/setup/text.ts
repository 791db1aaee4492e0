import { createTwoFilesPatch } from "diff";

/** What changes, as `diff -u` shows it; "" when nothing does. */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  if (before === after) return "";
  const patch = createTwoFilesPatch(before === null ? "/dev/null" : path, path, before ?? "", after);
  return patch.split("\n").slice(1).join("\n").trimEnd();
}
