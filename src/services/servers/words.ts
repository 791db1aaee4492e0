/** Whole seconds, as servers take them. */
export function seconds(ms: number): string {
  return String(Math.ceil(ms / 1000));
}

/** An unknown version counts as new: what is not pinned is installed in its newest form. */
export function atLeast(version: string | null, [major, minor]: [number, number]): boolean {
  const seen = version?.match(/^(\d+)(?:\.(\d+))?/);
  if (!seen) return true;
  const seenMajor = Number(seen[1]);
  return seenMajor > major || (seenMajor === major && Number(seen[2] ?? 0) >= minor);
}
