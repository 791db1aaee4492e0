import { styleText } from "node:util";
import { shortened, visibleDeep, visibleLine } from "../report/visible.ts";
import { codeLines, fixableLine } from "./fix/render.ts";
import { LATER } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import type { Finding, LintResult, RenderOptions } from "./types.ts";
import { WAY_OUT } from "./way-out.ts";

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** More lines of one kind than this are not read. */
const MOST = 10;

/**
 * Text for people: what is certain and an error in full with its line, then at most ten lines of warnings, then what
 * the environment decides, and the next thing to do last. Notes are counted only. With `all`, everything in full.
 * Ends with a newline.
 */
export function renderLint(raw: LintResult, options: RenderOptions): string {
  const result = visibleDeep(raw);
  const paint: Paint = (style, text) =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const certain = result.findings.filter((f) => f.certainty === "certain");
  const open = result.findings.filter((f) => f.certainty !== "certain");
  const errors = certain.filter((f) => f.level === "error");
  const rest = certain.filter((f) => f.level !== "error");
  const blocks = [
    ...errors.map((f) => full(f, result, options, paint)),
    ...(options.all
      ? [...rest, ...open].map((f) => full(f, result, options, paint))
      : [warningLines(rest, result, paint), afterTls(rest, paint), openLines(open, result, paint)]),
    assumedLines(result),
    [...noteLines(rest, options, paint), ...suppressedLines(result, paint), ...fixableLine(result)],
    lastLines(result, errors, rest, open, options),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const COLORS: Record<Finding["level"], Style> = { error: "red", warning: "yellow", info: "cyan" };

const place = (f: Finding): string => (f.file ? `${f.file}:${f.line}:${f.column}` : "");
const isHttps = (f: Finding): boolean => RULES.some((r) => r.id === f.id && r.https);
const isLater = (f: Finding): boolean => f.message.endsWith(LATER);

/** A setting that nobody gives has no line to show: its finding stands at the head of the settings module. */
function isGivenSomewhere(f: Finding, result: LintResult): boolean {
  return f.setting === null || (result.settings[f.setting]?.file ?? null) !== null;
}

function full(f: Finding, result: LintResult, options: RenderOptions, paint: Paint): string[] {
  const ids = [f.id, ...f.also].join(", ");
  const given = isGivenSomewhere(f, result);
  const lines = [
    `${paint(COLORS[f.level], f.level)} ${paint("bold", ids)} ${given ? place(f) : f.file}`,
    `  ${f.message}`,
  ];
  const source = f.file && given ? options.files?.read(f.file)?.split(/\r?\n/)[f.line - 1] : undefined;
  // The line of a secret is not repeated.
  if (source?.trim() && !/SECRET|PASSWORD|TOKEN|_KEY\b/.test(`${f.setting ?? ""} ${f.id.toUpperCase()}`))
    lines.push(paint("dim", `  ${String(f.line).padStart(5)} | ${visibleLine(shortened(source, 160))}`));
  if (f.hint) lines.push(`  fix: ${f.hint}`);
  lines.push(...codeLines(f));
  if (f.docs) lines.push(paint("dim", `  ${f.docs}`));
  return lines;
}

/** One line for each cause: what HTTPS lacks is one, and so is the same thing at several places. */
function warningLines(rest: Finding[], result: LintResult, paint: Paint): string[] {
  const warnings = rest.filter((f) => f.level === "warning");
  const groups = grouped(warnings, (f) => (isHttps(f) ? "https" : f.id));
  const lines = groups.slice(0, MOST).map((group) => {
    const [first] = group as [Finding, ...Finding[]];
    const several = group.length > 1 && isHttps(first);
    const what = several ? `HTTPS is not enforced: ${settingsOf(group)}` : first.message;
    const more = group.length > 1 && !several ? ` (and ${group.length - 1} more like it)` : "";
    return line(paint(COLORS.warning, "warning"), `${what}${more}`, idsOf(group), spot(first, result), paint);
  });
  const hidden = groups.slice(MOST).reduce((sum, group) => sum + group.length, 0);
  return hidden > 0 ? [...lines, paint("dim", `+${hidden} more: djdeploy lint --all`)] : lines;
}

/** `what (ids, where)`: what is read first stands first. */
function line(mark: string, what: string, ids: string, where: string, paint: Paint): string {
  return `${mark}  ${what} ${paint("dim", `(${[ids, where].filter(Boolean).join(", ")})`)}`;
}

const spot = (f: Finding, result: LintResult): string =>
  isGivenSomewhere(f, result) && f.file ? `${f.file}:${f.line}` : f.file;

/** Advice that waits for TLS, in one line. */
function afterTls(rest: Finding[], paint: Paint): string[] {
  const later = rest.filter(isLater);
  if (later.length === 0) return [];
  return [
    `${paint(COLORS.info, "later")}    once the site has TLS: ${settingsOf(later)} ${paint("dim", `(${idsOf(later)})`)}`,
  ];
}

const settingsOf = (group: Finding[]): string =>
  [...new Set(group.map((f) => f.setting ?? f.message))].join(", ");

/** `security.W004, W008`: the family is named once. */
function idsOf(group: Finding[]): string {
  const ids = [...new Set(group.flatMap((f) => [f.id, ...f.also]))];
  return ids
    .map((id, i) =>
      i > 0 && ids[0]?.split(".")[0] === id.split(".")[0] ? id.slice(id.indexOf(".") + 1) : id,
    )
    .join(", ");
}

/** What the host will decide: first what is wrong as long as nobody sets a variable. */
function openLines(open: Finding[], result: LintResult, paint: Paint): string[] {
  const waiting = open.filter((f) => f.certainty === "depends" && f.whenUnset && f.level !== "info");
  const unknown = open.filter((f) => f.certainty === "unknown" && f.level !== "info");
  const odd = open.filter((f) => f.certainty === "depends" && !f.whenUnset && f.level !== "info").length;
  const lines: string[] = [];
  const listed = (title: string, texts: string[]): void => {
    if (texts.length === 0) return;
    lines.push(title, ...texts.slice(0, MOST));
    if (texts.length > MOST) lines.push(paint("dim", `  +${texts.length - MOST} more: djdeploy lint --all`));
  };
  listed(
    "As long as no variable says otherwise (the host's own are judged before the switch):",
    grouped(waiting, (f) => `${f.id} ${f.id === NEEDS ? "" : f.message}`).map((group) =>
      line(" ", waitingText(group), idsOf(group), spot(group[0] as Finding, result), paint),
    ),
  );
  listed(
    "Not known without running the project (judged on the host before the switch):",
    grouped(unknown, reasonOf).map((group) => unknownLine(group, result, paint)),
  );
  if (odd > 0)
    lines.push(paint("dim", `${odd} more would be wrong for other values of variables: djdeploy lint --all`));
  return lines;
}

/** Why it is not known, as the engine puts it at the end of a message. */
const reasonOf = (f: Finding): string =>
  / \(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(f.message)?.[1] ?? f.message;

/** One finding is told; of several with one reason, the reason. */
function unknownLine(group: Finding[], result: LintResult, paint: Paint): string {
  const [first] = group as [Finding, ...Finding[]];
  if (group.length === 1)
    return line(
      " ",
      first.message.replace(", or not: it is not known", ": not known"),
      idsOf(group),
      spot(first, result),
      paint,
    );
  const names = [...new Set(group.map((f) => f.setting ?? f.id))];
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return `   ${reasonOf(first)}: ${names.slice(0, 6).join(", ")}${more}`;
}

const NEEDS = "djdeploy.settings-need-variable";

/** The heading says that it is so while variables are unset: which values else make it so is left out. */
function waitingText(group: Finding[]): string {
  const [first] = group as [Finding, ...Finding[]];
  const names = neededBy(group).join(", ");
  if (first.id === NEEDS) return `the settings do not load without ${names}`;
  const short = first.message.replace(/, (?:when|for some values of) [A-Z_][^:]*$/, "");
  return short === first.message ? short : `${short} [${names}]`;
}

const neededBy = (found: Finding[]): string[] => [
  ...new Set(found.flatMap((f) => f.dependsOn.map((d) => d.name))),
];

function grouped(found: Finding[], key: (f: Finding) => string): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const f of found) {
    const known = groups.get(key(f));
    if (known) known.push(f);
    else groups.set(key(f), [f]);
  }
  return [...groups.values()];
}

function noteLines(rest: Finding[], options: RenderOptions, paint: Paint): string[] {
  const notes = rest.filter((f) => f.level === "info" && !isLater(f)).length;
  return notes === 0 || options.all ? [] : [paint("dim", `${count(notes, "note")}: djdeploy lint --all`)];
}

/** Each stated fact with what rests on it. */
function assumedLines({ assumed }: LintResult): string[] {
  if (!assumed) return [];
  const said = (value: unknown): string => {
    if (value === null) return "as stated";
    const text =
      typeof value === "string" && value.startsWith("keeps ") ? value : `= ${JSON.stringify(value)}`;
    return visibleLine(shortened(text, 120));
  };
  return [
    "Assumed, because lint.assume in djdeploy.yml says so:",
    ...assumed.map(
      ({ setting, value, restsOn }) =>
        `  ${setting} ${said(value)}: ${restsOn.length > 0 ? `${restsOn.join(", ")} rest on it` : "nothing rests on it alone"}`,
    ),
  ];
}

function suppressedLines({ suppressed }: LintResult, paint: Paint): string[] {
  if (suppressed.length === 0) return [];
  const told = suppressed.map((s) => `${s.id} (${s.reason})`).join(", ");
  return [paint("dim", `${suppressed.length} suppressed: ${told}`)];
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function lastLines(
  result: LintResult,
  errors: Finding[],
  rest: Finding[],
  open: Finding[],
  options: RenderOptions,
): string[] {
  if (result.notJudged !== undefined && errors.length === 0)
    return [`${result.settingsModule}: not judged: ${result.notJudged}`, `next: ${WAY_OUT}`];
  const warnings = rest.filter((f) => f.level === "warning").length;
  const counts = [
    ...(errors.length > 0 ? [count(errors.length, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  const left = open.some((f) => f.level !== "info");
  const nothing = left ? "nothing to correct for certain" : "nothing to correct";
  const said = counts.length > 0 ? counts.join(", ") : nothing;
  const sum = `${result.settingsModule}: ${said}${errors.length === 0 && options.failLevel === "error" ? "; nothing here stops a release" : ""}`;
  const first =
    errors[0] ?? (options.failLevel === "warning" ? rest.find((f) => f.level === "warning") : undefined);
  if (first)
    return [sum, `next: ${first.hint} (${isGivenSomewhere(first, result) ? place(first) : first.file})`];
  const needed = neededBy(open.filter((f) => f.id === NEEDS && f.whenUnset));
  if (needed.length === 0) return [sum];
  return [sum, `next: name ${needed.join(", ")} in djdeploy.yml under env.secrets or env.vars`];
}
