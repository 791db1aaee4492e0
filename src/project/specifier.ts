/**
 * Whether a released version of Python ("3.12.3") satisfies a PEP 440 specifier (">=3.10,<4", "==3.12.*", "~=3.11").
 * Pre-releases and local versions do not occur here; a clause that is not understood counts as satisfied.
 */
export function satisfies(version: string, specifier: string): boolean {
  return specifier.split(",").every((clause) => holds(numbers(version), clause.trim()));
}

function holds(version: number[], clause: string): boolean {
  const [, operator, wanted, star] = /^(===?|!=|<=|>=|<|>|~=)\s*v?(\d+(?:\.\d+)*)(\.\*)?$/.exec(clause) ?? [];
  if (operator === undefined || wanted === undefined) return true;
  const other = numbers(wanted);
  const order = compare(version, other);
  const same = star ? other.every((number, at) => version[at] === number) : order === 0;
  if (operator === "~=")
    return order >= 0 && other.slice(0, -1).every((number, at) => version[at] === number);
  if (operator === "!=") return !same;
  if (operator.startsWith("==")) return same;
  if (operator === ">=") return order >= 0;
  if (operator === "<=") return order <= 0;
  return operator === "<" ? order < 0 : order > 0;
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}

function compare(a: number[], b: number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
