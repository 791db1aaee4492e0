import { TRUE } from "../../python/logic/values.ts";
import { living } from "../../python/logic/worlds.ts";
import { type Judge, setting } from "../judge.ts";
import type { Rule } from "../rule.ts";
import { assumeUnusedRule, assumeWrongRule } from "../rules/assume.ts";
import { isSecret } from "../secret-names.ts";
import type { Assumed, Finding } from "../types.ts";
import { placeOf } from "../verdict.ts";
import { contradicts } from "./contradicts.ts";
import { type Assumption, assumptionsOf, filled, hasGap } from "./values.ts";

/** What is found with the facts of djdeploy.yml, and what rests on each of them. */
export interface Stated {
  findings: Finding[];
  assumed: Assumed[];
}

/**
 * Gives the settings of a judge the stated values where they are not known, and judges again. What is found only
 * then is never certain: it is somebody's word. What is known already needs no statement, or speaks against it.
 */
export function withAssumptions(j: Judge, plain: Finding[], again: () => Finding[]): Stated {
  const all = assumptionsOf(j.input.assume);
  const own: Finding[] = [];
  const used: Assumption[] = [];
  for (const one of all) {
    const v = living(j.m, setting(j, one.name));
    if (contradicts(v, one)) own.push(wrong(j, one));
    else if (hasGap(v)) used.push(one);
    else own.push(unused(j, one));
  }
  const assumed = used.map((one) => {
    const found = assuming(j, [one], again, true);
    const value = isSecret(one.name) ? null : withoutSecrets(one.said);
    return { setting: one.name, value, restsOn: settled(plain, found) };
  });
  const found = used.length > 0 ? assuming(j, used, again, false) : plain;
  return { findings: [...found.map((f) => byWord(f, plain, used)), ...own], assumed };
}

/** What stands under the name of a secret is not repeated. */
function withoutSecrets(said: unknown): unknown {
  if (Array.isArray(said)) return said.map(withoutSecrets);
  if (typeof said !== "object" || said === null) return said;
  const entries = Object.entries(said);
  return Object.fromEntries(
    entries.map(([key, v]) => [key, isSecret(key.toUpperCase()) ? "***" : withoutSecrets(v)]),
  );
}

function assuming(j: Judge, used: Assumption[], again: () => Finding[], back: boolean): Finding[] {
  const { settings } = j.evaluation;
  const before = new Map(settings);
  for (const { name, said } of used) {
    const value = filled(living(j.m, setting(j, name)), said);
    settings.set(name, { value, place: before.get(name)?.place ?? null });
    j.assumed.add(name);
  }
  const found = again();
  if (!back) return found;
  for (const { name } of used) {
    const old = before.get(name);
    if (old) settings.set(name, old);
    else settings.delete(name);
    j.assumed.delete(name);
  }
  return found;
}

const isSame = (a: Finding, b: Finding): boolean =>
  a.id === b.id && a.setting === b.setting && a.line === b.line && a.file === b.file;

/** The ids that were not known, and are. */
function settled(plain: Finding[], found: Finding[]): string[] {
  const open = plain.filter((f) => f.certainty === "unknown");
  const left = open.filter((f) => !found.some((g) => g.certainty === "unknown" && isSame(f, g)));
  return [...new Set(left.flatMap((f) => [f.id, ...f.also]))].sort();
}

function byWord(f: Finding, plain: Finding[], used: Assumption[]): Finding {
  const alone = plain.some((g) => isSame(f, g) && g.certainty === f.certainty && g.message === f.message);
  if (alone || f.certainty === "unknown") return f;
  const names = used.map((one) => one.name).join(", ");
  return {
    ...f,
    certainty: "depends",
    message: `${f.message}, as far as lint.assume is right about ${names}`,
  };
}

function wrong(j: Judge, one: Assumption): Finding {
  const place = placeOf(j.evaluation, one.name, TRUE);
  const { file, line } = spoken(j, one.name);
  const otherwise = j.evaluation.defaults.has(one.name) ? "Django's default is another" : "nothing sets it";
  const against = place?.file ? `${place.file}:${place.line} sets another value` : otherwise;
  return {
    ...finding(assumeWrongRule, one.name),
    message: `lint.assume is wrong about ${one.name}, at ${file}:${line}: ${against}`,
    file: place?.file || file,
    line: place?.file ? place.line : line,
  };
}

function unused(j: Judge, one: Assumption): Finding {
  return {
    ...finding(assumeUnusedRule, one.name),
    message: `lint.assume states ${one.name}, which is known without it`,
    ...spoken(j, one.name),
  };
}

const finding = ({ id, level, fix }: Rule, name: string): Finding => ({
  id,
  level,
  message: "",
  hint: fix,
  file: "djdeploy.yml",
  line: 1,
  column: 1,
  setting: name,
  certainty: "certain",
  dependsOn: [],
  also: [],
  docs: null,
});

/** The line of djdeploy.yml that states it; the first where the file is not among those that are judged. */
function spoken(j: Judge, name: string): { file: string; line: number } {
  const lines = j.input.files.read("djdeploy.yml")?.split("\n") ?? [];
  const start = lines.findIndex((line) => /^\s*assume\s*:/.test(line));
  const own = lines.findIndex(
    (line, i) => i >= start && new RegExp(`(?:^|[\\s{,"'])${name}["']?\\s*:`).test(line),
  );
  return { file: "djdeploy.yml", line: start >= 0 && own >= 0 ? own + 1 : 1 };
}
