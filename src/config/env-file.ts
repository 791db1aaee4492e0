import { type DeployError, usageError } from "../errors.ts";

/**
 * Reads a file of `NAME=VALUE` for `--env-file` and `env import`. One strict grammar, line by line:
 *
 * - blank lines and lines that begin with `#` are skipped; `export ` before a name is allowed
 * - `NAME=value`: everything up to the end of the line, without the blanks around it. It may not begin with a quote,
 *   and may not hold ` #`, which other readers take for a comment: quote such a value
 * - `NAME='value'`: everything up to the next `'`, newlines included, nothing is special
 * - `NAME="value"`: up to the next `"`, newlines included; `\\`, `\"`, `\n`, `\r`, `\t`, `\$` and `` \` `` are escapes
 * - after a closing quote only blanks and a comment may follow
 * - a Windows line end counts as a newline; a carriage return that belongs to a value is written `\r`
 * - nothing is expanded; a name given twice, an unknown escape and a NUL are errors
 *
 * Errors (exit code 2) name the line and never show a value.
 */
export function parseEnvFile(text: string, source: string): Record<string, string> {
  const input = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const values = new Map<string, string>();
  let at = 0;
  let line = 1;
  const fail = (message: string, hint?: string): DeployError =>
    usageError("env-file.syntax", `${source}:${line}: ${message}`, {
      at: `${source}:${line}`,
      ...(hint ? { hint } : {}),
    });

  while (at < input.length) {
    const end = lineEnd(input, at);
    const content = input.slice(at, end);
    if (/^[ \t]*(#.*)?$/.test(content)) {
      at = end + 1;
      line++;
      continue;
    }
    const head = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=[ \t]*/.exec(content);
    if (!head) {
      throw fail(
        "this is not NAME=VALUE",
        "quote a value that has several lines; a name has letters, digits and _",
      );
    }
    const name = head[1]!;
    if (values.has(name)) throw fail(`${name} is given twice`);
    const start = at + head[0].length;
    const quote = input[start];
    if (quote !== "'" && quote !== '"') {
      const value = input.slice(start, end).trimEnd();
      if (/(^|[ \t])#/.test(value)) {
        throw fail(`the value of ${name} holds a # after a blank`, `quote it: ${name}='…'`);
      }
      if (value.includes("\0")) throw fail(`the value of ${name} holds a NUL`);
      values.set(name, value);
      at = end + 1;
      line++;
      continue;
    }
    const quoted = readQuoted(input, start, quote, (message) => fail(`the value of ${name} ${message}`));
    if (quoted.value.includes("\0")) throw fail(`the value of ${name} holds a NUL`);
    const rest = lineEnd(input, quoted.end);
    if (!/^[ \t]*(#.*)?$/.test(input.slice(quoted.end, rest))) {
      throw fail(
        `something follows the closing quote of ${name}`,
        quote === "'" ? "a value that holds ' goes between double quotes" : 'write " inside the value as \\"',
      );
    }
    values.set(name, quoted.value);
    line += input.slice(at, rest).split("\n").length;
    at = rest + 1;
  }
  return Object.fromEntries(values);
}

/** Writes values so that `parseEnvFile` reads back exactly them. */
export function formatEnvFile(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoteValue(value)}\n`)
    .join("");
}

function quoteValue(value: string): string {
  if (/^[A-Za-z0-9_@%+:,./=-]*$/.test(value)) return value;
  if (!/['\r]/.test(value)) return `'${value}'`;
  const escaped = value
    .replace(/[\\"$`]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `"${escaped}"`;
}

const escapes: Record<string, string> = { "\\": "\\", '"': '"', n: "\n", r: "\r", t: "\t", $: "$", "`": "`" };

function readQuoted(input: string, start: number, quote: string, fail: (message: string) => DeployError) {
  const parts: string[] = [];
  // Piece by piece: a value may have a megabyte.
  const special = quote === '"' ? /["\\]/g : /'/g;
  for (let at = start + 1; ; ) {
    special.lastIndex = at;
    const found = special.exec(input);
    if (!found) throw fail(`has no closing ${quote}`);
    parts.push(input.slice(at, found.index));
    if (found[0] === quote) return { value: parts.join(""), end: found.index + 1 };
    const meant = escapes[input[found.index + 1] ?? ""];
    if (meant === undefined) throw fail(`has a \\ that begins no escape; write \\\\ for one backslash`);
    parts.push(meant);
    at = found.index + 2;
  }
}

function lineEnd(input: string, from: number): number {
  const end = input.indexOf("\n", from);
  return end < 0 ? input.length : end;
}
