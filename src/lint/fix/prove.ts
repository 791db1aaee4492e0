import { always, and, not, possible } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { MISSING } from "../../python/logic/values.ts";
import { renewWork } from "../../python/logic/work.ts";
import { living } from "../../python/logic/worlds.ts";
import { isTruthy, type Judge } from "../judge.ts";
import { RULES } from "../rules/index.ts";
import type { Finding, LintResult } from "../types.ts";
import { given } from "./casts.ts";
import { type Assumed, numbering } from "./same.ts";
import type { Fix } from "./types.ts";

/** A judged state of the project. */
export interface Study {
  judge: Judge;
  result: LintResult;
}

/** Why a fix must not be made; null when it does what it shall and nothing else. */
export function objection(before: Study, after: Study, finding: Finding, fix: Fix): string | null {
  renewWork();
  const broken = after.judge.evaluation.problems.find(
    (p) => !before.judge.evaluation.problems.some((q) => q.file === p.file),
  );
  if (broken) return `${broken.file}:${broken.line} would be no valid Python: ${broken.message}`;
  if (after.judge.evaluation.exhausted) return "the settings are too long to follow";
  if (!isSettled(after, finding, fix)) {
    const { judge } = after;
    const debug = living(judge.m, isTruthy(judge, "DEBUG"));
    const follows = fix.code.includes("not DEBUG") && always(debug);
    return follows ? "DEBUG is on: security.W018 comes first" : `${finding.id} would still be there`;
  }
  const other = newFindings(before, after, finding, fix)[0];
  if (other) return `it would bring ${other.id}: ${other.message}`;
  const changed = changedSettings(before, after, fix)[0];
  return changed ? `it would change ${changed} too` : null;
}

const isAbout = (finding: Finding, f: Finding): boolean =>
  (f.id === finding.id || f.also.includes(finding.id)) && f.setting === finding.setting;

/** Gone, or left to a variable that settles it while unset, or only there while DEBUG is on. */
function isSettled(after: Study, finding: Finding, fix: Fix): boolean {
  if (fix.settled) return fix.settled(after.judge);
  const left = after.result.findings.filter((f) => isAbout(finding, f));
  if (left.every((f) => f.certainty === "depends" && f.whenUnset !== true)) return true;
  if (left.some((f) => f.certainty !== "depends")) return false;
  let otherwise = and(condition(after, finding), not(isTruthy(after.judge, "DEBUG")));
  for (const name of fix.variables) otherwise = given(after.judge, otherwise, name, null) ?? otherwise;
  return !possible(otherwise);
}

/** When a rule's checks about a setting hold. */
function condition({ judge }: Study, finding: Finding): Value {
  const rule = RULES.find((r) => r.id === finding.id);
  const own = rule?.check(judge).find((c) => (c.setting ?? null) === finding.setting);
  return own ? living(judge.m, own.when) : isTruthy(judge, "DEBUG");
}

/** What was not found before, but for what the fix brings to light and the junk its own variables may hold. */
function newFindings(before: Study, after: Study, finding: Finding, fix: Fix): Finding[] {
  const key = (f: Finding): string => `${f.id} ${f.setting} ${f.certainty} ${f.message} ${f.also.join()}`;
  const known = new Set(before.result.findings.map(key));
  return after.result.findings.filter((f) => {
    if (
      known.has(key(f)) ||
      isSofter(before, f, fix) ||
      isAdvice(before, f, fix) ||
      fix.reveals.includes(f.id) ||
      isAbout(finding, f)
    )
      return false;
    const ours =
      f.dependsOn.length > 0 &&
      f.dependsOn.every((d) => fix.variables.includes(d.name) || d.name === fix.corrects);
    return !(ours && f.certainty === "depends" && f.whenUnset !== true);
  });
}

/** Advice about the variables of the project, which has one more now. */
function isAdvice(before: Study, f: Finding, { variables }: Fix): boolean {
  if (f.level !== "info" || f.setting !== null || variables.length === 0) return false;
  return (
    before.result.findings.some((b) => b.id === f.id) || variables.some((name) => f.message.includes(name))
  );
}

/** Was the same said of a setting that the fix is about, and no milder? */
function isSofter(before: Study, f: Finding, fix: Fix): boolean {
  if (f.setting === null || !fix.sets.includes(f.setting) || f.certainty !== "depends") return false;
  return before.result.findings.some(
    (b) =>
      b.id === f.id && b.setting === f.setting && b.certainty === "depends" && (b.whenUnset || !f.whenUnset),
  );
}

/** Other settings that would come to another value in some world. */
function changedSettings(before: Study, after: Study, fix: Fix): string[] {
  const [old, now] = [before.judge.evaluation, after.judge.evaluation];
  const number = numbering();
  const names = [...new Set([...old.settings.keys(), ...now.settings.keys()])];
  const others = names.filter((name) => !fix.sets.includes(name));
  const changed = (assumed?: Assumed): string[] => {
    const [a, b] = [number(old, assumed), number(now, assumed)];
    return others.filter((name) => a(finalValue(before, name)) !== b(finalValue(after, name)));
  };
  const { corrects } = fix;
  if (corrects === undefined) return changed();
  // What depends on the corrected setting follows it; it must not move where that setting stays.
  return staying(before, after, corrects, fix.sets[0] ?? "").flatMap((text) =>
    changed({ name: corrects, text }),
  );
}

const finalValue = ({ judge }: Study, name: string): Value =>
  living(judge.m, judge.evaluation.settings.get(name)?.value ?? MISSING);

/** The values of a variable with which a setting is as true or false as before. */
function staying(before: Study, after: Study, variable: string, name: string): (string | null)[] {
  const { m } = before.judge;
  const read = m.variables[m.byName.get(variable) ?? -1];
  const tried = read?.kind === "env" ? read.values.map(({ text }) => text) : [];
  return tried.filter((text) => {
    const [x, y] = [before, after].map(({ judge }) => given(judge, isTruthy(judge, name), variable, text));
    return x?.t === "bool" && y?.t === "bool" && x.v === y.v;
  });
}
