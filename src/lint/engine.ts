import { type Evaluation, evaluateSettings } from "../python/evaluate.ts";
import { possible } from "../python/logic/decide.ts";
import { OutOfSteps } from "../python/logic/steps.ts";
import { TRUE } from "../python/logic/values.ts";
import { OutOfWork, renewWork } from "../python/logic/work.ts";
import { ASSUMED_DJANGO, atLeast, versionOf } from "../python/outside/django-defaults.ts";
import { type Stated, withAssumptions } from "./assume/index.ts";
import { docsOf } from "./docs.ts";
import { proposals } from "./fix/proposals.ts";
import { gathered } from "./gather.ts";
import { withoutSecrets } from "./independent.ts";
import type { Judge } from "./judge.ts";
import { notJudged } from "./not-judged.ts";
import { declaredPackages } from "./packages.ts";
import { type Check, LATER, type Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import { describeSettings } from "./settings-values.ts";
import { suppress } from "./suppress.ts";
import type { Finding, FindingLevel, LintInput, LintResult } from "./types.ts";
import { placeOf, type Verdict, verdictOf } from "./verdict.ts";

const RANK: Record<FindingLevel, number> = { error: 0, warning: 1, info: 2 };
const SURE = { certain: 0, depends: 1, unknown: 2 };

/** Judges the production settings without running them. Never throws for what the project's files hold. */
export function lint(input: LintInput): LintResult {
  return withoutSecrets(input, study(input).result, (other) => study(other).result);
}

/** The judged settings, with the evaluation that the verdicts come from. */
export function study(input: LintInput): { judge: Judge; result: LintResult } {
  const evaluation = evaluate(input);
  const judge: Judge = {
    m: evaluation.machine,
    evaluation,
    input,
    version: versionOf(input.djangoVersion) ? (input.djangoVersion as string) : ASSUMED_DJANGO,
    assumed: new Set(),
  };
  const { findings, assumed } = judgedWithFacts(judge);
  const { kept, suppressed } = suppress(judge, findings, (left) => gathered(judge, left));
  for (const finding of kept) addFix(judge, finding);
  kept.sort(
    (a, b) =>
      RANK[a.level] - RANK[b.level] ||
      SURE[a.certainty] - SURE[b.certainty] ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      compare(a.id, b.id),
  );
  const summary = { error: 0, warning: 0, info: 0 };
  for (const f of kept) summary[f.level]++;
  const settings = describeSettings(judge);
  const open = notJudged(judge, settings);
  const result: LintResult = {
    settingsModule: input.settingsModule,
    findings: kept,
    settings,
    suppressed,
    ...(assumed.length > 0 ? { assumed } : {}),
    ...(open === null ? {} : { notJudged: open }),
    summary,
  };
  return { judge, result };
}

/** By code points: ids and paths in any order that stays. A collation takes longer to load than the lint does. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What all rules find, with the facts that djdeploy.yml states. */
function judgedWithFacts(judge: Judge): Stated {
  const all = (): Finding[] =>
    merged(
      RULES.filter((rule) => applies(rule, judge.version)).flatMap((rule) => {
        judge.m.pc = TRUE;
        return findingsOf(rule, judge);
      }),
    );
  const plain = all();
  const none = Object.keys(judge.input.assume ?? {}).length === 0 || !possible(judge.evaluation.alive);
  return none ? { findings: plain, assumed: [] } : withAssumptions(judge, plain, all);
}

/** The answer to a finding as code in the project's own style, where there is one. */
function addFix(judge: Judge, finding: Finding): void {
  renewWork();
  try {
    const [fix] = proposals(judge, finding);
    if (!fix) return;
    const { code, file, line, automatic } = fix;
    const last = lastLine(judge, file);
    finding.fix = {
      code,
      file,
      line: Math.min(line, last),
      automatic,
      ...(line > last ? { after: true } : {}),
    };
  } catch (error) {
    if (!(error instanceof OutOfWork || error instanceof OutOfSteps || error instanceof RangeError))
      throw error;
    renewWork();
  }
}

/** The number of a file's last line; no limit for a file that was not read. */
function lastLine(judge: Judge, file: string): number {
  const lines = judge.evaluation.parsed.get(file)?.lines ?? judge.input.files.read(file)?.split(/\r\n|\r|\n/);
  if (!lines) return Number.POSITIVE_INFINITY;
  return Math.max(1, lines.at(-1) === "" ? lines.length - 1 : lines.length);
}

/** What one rule finds; a rule that takes too long to decide is not known, never passed. */
function findingsOf(rule: Rule, judge: Judge): Finding[] {
  renewWork();
  try {
    return checksOf(rule, judge).flatMap((check) => judged(rule, check, judge) ?? []);
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    renewWork();
    const tooMuch: Check = { when: TRUE, message: rule.title, unsure: "it depends on too much at once" };
    return [judged(rule, tooMuch, judge) ?? []].flat();
  }
}

function evaluate(input: LintInput): Evaluation {
  return evaluateSettings({
    tree: input.files,
    settingsModule: input.settingsModule,
    root: (input.root ?? ".")
      .replace(/^\.?\/?$/, "")
      .replace(/^\.\//, "")
      .replace(/\/$/, ""),
    djangoVersion: input.djangoVersion,
    environment: input.environment ?? {},
    provided: input.provided ?? [],
    packages: declaredPackages(input.files),
  });
}

function applies(rule: Rule, version: string): boolean {
  if (rule.from && !atLeast(version, ...rule.from)) return false;
  return !(rule.to && atLeast(version, ...rule.to));
}

/** Settings that never load have no values to judge. */
function checksOf(rule: Rule, judge: Judge): Check[] {
  const loads = possible(judge.evaluation.alive) && judge.evaluation.file !== null;
  if (!loads && !/^djdeploy\.settings-/.test(rule.id)) return [];
  return rule.check(judge);
}

function judged(rule: Rule, check: Check, judge: Judge): Finding | null {
  const e = check.of ?? judge.evaluation;
  const found = verdictOf(e, check.when, check.everywhere);
  if (!found) return null;
  const unsure = check.unsure ?? versionDoubt(rule, check, judge);
  const verdict: Verdict = unsure ? { certainty: "unknown", dependsOn: [], reason: unsure } : found;
  const place = check.place ?? (check.setting ? placeOf(e, check.setting, check.when) : null);
  const later = rule.https === true && judge.input.deployment?.tls === false;
  const level = later ? "info" : (check.level ?? rule.level);
  return {
    id: rule.id,
    level,
    message: `${check.message}${check.whole ? "" : tail(verdict, check.shape)}${later ? LATER : ""}`,
    hint: check.hint ?? rule.fix,
    file: place?.file || e.file || "",
    line: Math.min(place?.line ?? 1, lastLine(judge, place?.file || e.file || "")),
    column: place?.column ?? 1,
    setting: check.setting ?? null,
    certainty: verdict.certainty,
    dependsOn: verdict.dependsOn,
    ...(verdict.whenUnset === undefined ? {} : { whenUnset: verdict.whenUnset }),
    ...(verdict.certainty === "unknown" && !check.whole ? { reason: verdict.reason } : {}),
    also: [],
    docs: docsOf(rule, judge.version),
  };
}

/** What only some versions of Django make an error is none where nothing says which one it is. */
function versionDoubt(rule: Rule, check: Check, judge: Judge): string | undefined {
  const error = (check.level ?? rule.level) === "error";
  return error && (rule.from || rule.to) && versionOf(judge.input.djangoVersion) === null
    ? "nothing says which version of Django it runs on"
    : undefined;
}

function tail(verdict: Verdict, shape?: string): string {
  const names = verdict.dependsOn.map((d) => d.name).join(", ");
  if (verdict.anyShort && shape) return `, when ${names} ${shape}${verdict.whenUnset ? ", or not set" : ""}`;
  if (verdict.certainty === "depends")
    return verdict.values
      ? `, when ${verdict.values}`
      : `, for some values of ${names}${verdict.whenUnset ? ", and while unset" : ""}`;
  if (verdict.certainty === "unknown") return `, or not: it is not known (${verdict.reason})`;
  return "";
}

/** The same thing at the same place: of what variables decide, one value that makes it so is as good as another. */
function isTwin(a: Finding, b: Finding): boolean {
  if (a.id !== b.id || a.file !== b.file || a.line !== b.line || a.setting !== b.setting) return false;
  if (a.message === b.message) return true;
  const names = (f: Finding): string => f.dependsOn.map((d) => d.name).join();
  const element = a.certainty === "depends" && b.certainty === "depends" && a.setting !== null;
  return element && names(a) === names(b) && a.level === b.level;
}

/** Findings with one cause become one; the same thing said twice is said once. */
function merged(all: Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const f of all) {
    const rule = RULES.find((r) => r.id === f.id);
    const causes = rule?.partOf === undefined ? [] : [rule.partOf].flat();
    const host = kept.find(
      (k) => causes.some((id) => k.id === id || k.also.includes(id)) && k.certainty === f.certainty,
    );
    if (host) {
      if (!host.also.includes(f.id)) host.also.push(f.id);
      if (rule?.sharper && f.certainty !== "unknown") host.message = f.message;
      continue;
    }
    const twin = kept.findIndex((k) => isTwin(k, f));
    if (twin < 0) kept.push(f);
    else if (f.whenUnset && !kept[twin]?.whenUnset) kept[twin] = f;
  }
  return kept;
}
