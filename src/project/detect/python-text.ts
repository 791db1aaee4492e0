/** What a line of Python text says, found without running or parsing it: enough for names in quotes. */
export interface Found {
  value: string;
  /** From 1. */
  line: number;
}

/** All matches of a pattern whose first group is the value, comments left out. */
export function findAll(text: string, pattern: RegExp): Found[] {
  const found: Found[] = [];
  for (const match of withoutComments(text).matchAll(pattern)) {
    const at = match.index + match[0].search(/\S/);
    found.push({ value: match[1]!, line: text.slice(0, at).split("\n").length });
  }
  return found;
}

/** Whole-line comments blanked in place, so that line numbers hold. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, (comment) => " ".repeat(comment.length));
}

/**
 * Values that a file gives DJANGO_SETTINGS_MODULE: `setdefault("…", "x")`, `environ["…"] = "x"`, `get("…", "x")`.
 * `prefix`: only how the name begins, the rest is put to it: `"x." + env`, `"x.%s" % env`, `f"x.{env}"`.
 */
export function settingsNames(text: string): (Found & { prefix: boolean })[] {
  const given =
    /DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*(?:[fF](?=["']))?["']([A-Za-z_][\w.]*["']?(?:\s*(?:\+|%|\.format|\{))?)/g;
  return findAll(text, given).flatMap(({ value, line }) => {
    const [, name = "", rest = ""] = /^([\w.]+)(.*)$/s.exec(value) ?? [];
    const prefix = rest.trim() !== '"' && rest.trim() !== "'";
    const whole = name.replace(/\.+$/, "");
    return whole === "" ? [] : [{ value: whole, line, prefix: prefix || name.endsWith(".") }];
  });
}
