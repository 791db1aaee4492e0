import { createHash } from "node:crypto";

/** Says in a file who wrote it and for whom, with a hash of the rest, so that a change by hand is seen. */
export function seal(text: string, app: string, environment: string): string {
  const line = `# written by djdeploy for ${app}/${environment}, ${hash(text)}; run djdeploy setup to change it\n`;
  const shebang = /^#!.*\n/.exec(text)?.[0] ?? "";
  return shebang + line + text.slice(shebang.length);
}

/** Whose file it is and whether it still is what was written; null when djdeploy did not write it. */
export function readSeal(text: string): { for: string; intact: boolean } | null {
  const found = /^# written by djdeploy for (\S+), ([0-9a-f]+);.*\n/m.exec(text);
  if (!found) return null;
  const rest = text.slice(0, found.index) + text.slice(found.index + found[0].length);
  return { for: found[1]!, intact: hash(rest) === found[2] };
}

/** Short: it finds a change by hand, it does not keep anybody out. */
export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
