import { styleText } from "node:util";
import { codeLines, fixableLine } from "./fix/render.ts";
import type { Finding, LintResult, RenderOptions } from "./types.ts";

type Style = Parameters<typeof styleText>[0];

/**
 * Text for people: what is certain and an error in full with its line, then warnings in short, then what the
 * environment decides, then the next thing to do. Ends with a newline.
 */
export function renderLint(result: LintResult, options: RenderOptions): string {
  const paint = (style: Style, text: string): string =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const certain = result.findings.filter((f) => f.certainty === "certain");
  const errors = certain.filter((f) => f.level === "error");
  const rest = certain.filter((f) => f.level !== "error");
  const open = result.findings.filter((f) => f.certainty !== "certain");
  const out: string[] = [];
  for (const f of errors) out.push(...full(f, options, paint), "");
  if (options.all) for (const f of rest) out.push(...full(f, options, paint), "");
  else if (rest.length > 0) {
    out.push(...rest.slice(0, 10).map((f) => short(f, paint)));
    if (rest.length > 10) out.push(paint("dim", `+${rest.length - 10} more: djdeploy lint --all`));
    out.push("");
  }
  if (open.length > 0) {
    if (options.all) for (const f of open) out.push(...full(f, options, paint), "");
    else out.push(...openLines(open, paint), "");
  }
  if (result.suppressed.length > 0)
    out.push(
      paint(
        "dim",
        `${result.suppressed.length} suppressed: ${result.suppressed.map((s) => `${s.id} (${s.reason})`).join(", ")}`,
      ),
    );
  out.push(...fixableLine(result));
  out.push(lastLine(result, errors, rest, open, options));
  return `${out.join("\n")}\n`;
}

const COLORS: Record<Finding["level"], Style> = { error: "red", warning: "yellow", info: "cyan" };

const place = (f: Finding): string => (f.file ? `${f.file}:${f.line}:${f.column}` : "");

function full(f: Finding, options: RenderOptions, paint: (s: Style, t: string) => string): string[] {
  const ids = [f.id, ...f.also].join(", ");
  const lines = [`${paint(COLORS[f.level], f.level)} ${paint("bold", ids)} ${place(f)}`, `  ${f.message}`];
  const source = f.file ? options.files?.read(f.file)?.split(/\r?\n/)[f.line - 1] : undefined;
  // The line of a secret is not repeated.
  if (source !== undefined && !/SECRET|PASSWORD|TOKEN|_KEY\b/.test(f.setting ?? ""))
    lines.push(paint("dim", `  ${String(f.line).padStart(5)} | ${source.slice(0, 160)}`));
  if (f.hint) lines.push(`  fix: ${f.hint}`);
  lines.push(...codeLines(f));
  if (f.docs) lines.push(paint("dim", `  ${f.docs}`));
  return lines;
}

function short(f: Finding, paint: (s: Style, t: string) => string): string {
  return `${paint(COLORS[f.level], f.level.padEnd(7))} ${f.id.padEnd(14)} ${f.message}${f.file ? paint("dim", `  ${f.file}:${f.line}`) : ""}`;
}

function openLines(open: Finding[], paint: (s: Style, t: string) => string): string[] {
  const depends = open.filter((f) => f.certainty === "depends");
  const unknown = open.filter((f) => f.certainty === "unknown");
  const lines: string[] = [];
  if (depends.length > 0) {
    lines.push("Decided by the environment, checked on the host before the switch:");
    for (const f of depends.slice(0, 10))
      lines.push(`  ${f.id.padEnd(14)} ${f.message}${f.file ? paint("dim", `  ${f.file}:${f.line}`) : ""}`);
    if (depends.length > 10) lines.push(paint("dim", `  +${depends.length - 10} more: djdeploy lint --all`));
  }
  if (unknown.length > 0) {
    lines.push("Not known without running the project, checked on the host before the switch:");
    for (const f of unknown.slice(0, 5)) lines.push(`  ${f.id.padEnd(14)} ${f.message}`);
    if (unknown.length > 5) lines.push(paint("dim", `  +${unknown.length - 5} more: djdeploy lint --all`));
  }
  return lines;
}

function lastLine(
  result: LintResult,
  errors: Finding[],
  rest: Finding[],
  open: Finding[],
  options: RenderOptions,
): string {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  const sum = `${result.settingsModule}: ${count(errors.length, "error")}, ${count(rest.filter((f) => f.level === "warning").length, "warning")}, ${open.length} left to the live check`;
  const first = errors[0] ?? (options.failLevel === "warning" ? rest[0] : undefined);
  return first ? `${sum}\nnext: ${first.hint} (${place(first)})` : sum;
}
