import { usageError } from "../errors.ts";

/**
 * Reads the input `secrets` in the format of GitHub's own environment files: `NAME=VALUE` takes the rest of the line
 * as it stands; `NAME<<END`, lines, and a line `END` give a value of several lines. Blank lines are skipped. Errors
 * name the line and never show anything of it: what looks like a name may be the middle of a key.
 */
export function parseSecrets(text: string): Record<string, string> {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const values: Record<string, string> = {};
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === "") continue;
    const head = /^\s*([A-Za-z_][A-Za-z0-9_]*)(=|<<)(.*)$/.exec(line);
    if (!head) throw problem(at, "this is not NAME=VALUE");
    const [, name, operator, rest] = head as unknown as [string, string, string, string];
    if (Object.hasOwn(values, name)) throw problem(at, "the same name was given before");
    if (operator === "=") {
      values[name] = rest;
      continue;
    }
    const delimiter = rest.trim();
    const end = lines.findIndex((other, index) => index > at && other.trim() === delimiter);
    if (delimiter === "" || end < 0) throw problem(at, "the line that ends this value is missing");
    values[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  for (const value of Object.values(values)) {
    if (value.includes("\0")) throw usageError("input.secrets", "the input secrets holds a NUL");
  }
  return values;
}

function problem(index: number, what: string) {
  return usageError("input.secrets", `the input secrets, line ${index + 1}: ${what}`, {
    at: `secrets:${index + 1}`,
    hint: "a value of several lines is written NAME<<END, its lines, END",
  });
}
