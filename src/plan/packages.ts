import { packageName } from "../project/detect/requirement-lines.ts";

/** A package whose version a release would change; null: it is not there, "": in a version that is not known. */
export interface PackageChange {
  name: string;
  from: string | null;
  to: string | null;
}

/**
 * What the requirements change against what is installed. Versions are known where requirements pin them. `before` are
 * the live revision's requirements: what they named and the new ones do not is removed; null = not known. Pure.
 */
export function packageChanges(
  installed: Record<string, string>,
  wanted: Record<string, string | null>,
  before: Record<string, string | null> | null,
): PackageChange[] {
  const there = new Map(Object.entries(installed).map(([name, version]) => [packageName(name), version]));
  const changed = Object.entries(wanted).flatMap(([name, to]): PackageChange[] => {
    const from = there.get(name) ?? null;
    return from === null || (to !== null && to !== from) ? [{ name, from, to: to ?? "" }] : [];
  });
  const removed = Object.keys(before ?? {})
    .filter((name) => !(name in wanted))
    .map((name) => ({ name, from: there.get(name) ?? "", to: null }));
  return [...changed, ...removed].sort((a, b) => (a.name < b.name ? -1 : 1));
}
