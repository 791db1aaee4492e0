import { parse } from "yaml";
import { usageError } from "../../errors.ts";
import { quoted } from "../../report/visible.ts";

/** A text as one value of a block map: plain where every reader of YAML takes it as this text, else in quotes. */
export function scalar(text: string): string {
  return safe(`k: ${text}`, text, (value) => (value as { k: unknown }).k) ? text : inQuotes(text);
}

/** The same for a list in brackets, where GitHub wants the pattern that matches this branch alone. */
export function branchPattern(branch: string): string {
  const pattern = branch.replace(/[\\*?+[\]!]/g, "\\$&");
  return safe(`k: [${pattern}]`, pattern, (value) => {
    const list = (value as { k: unknown }).k;
    return Array.isArray(list) && list.length === 1 ? list[0] : null;
  })
    ? pattern
    : inQuotes(pattern);
}

/** Refuses (exit code 2) what would end a line, hide what stands there, or be filled in by the runner. */
export function requirePlainText(name: string, text: string): void {
  const expression = text.includes("$" + "{{");
  if (!expression && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) return;
  throw usageError("init.value", `${name} cannot stand in a workflow: ${quoted(text)}`, {
    expected: "text without line breaks, control characters and ${" + "{ }}",
    seen: expression ? "an expression, which GitHub would fill in" : "a character that is not shown",
  });
}

function safe(line: string, text: string, find: (value: unknown) => unknown): boolean {
  return (["1.1", "1.2"] as const).every((version) => {
    try {
      return find(parse(line, { version, logLevel: "error" })) === text;
    } catch {
      return false;
    }
  });
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
