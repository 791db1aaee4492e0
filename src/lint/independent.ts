import { canHide } from "../report/redact.ts";
import { RULES } from "./rules/index.ts";
import type { Dependency, Finding, LintInput, LintResult, SettingValue } from "./types.ts";
import type { ValueExplanation } from "./value/types.ts";

/** What stands for a value that secrets were read for. */
const hiddenText = "***";

/**
 * Settings are judged with the secret values of this run, and what Python makes of such a value (a part of it, upper
 * case, backwards) is a spelling that no redactor knows. So the same is judged again as if the secrets were others:
 * what is said then as well does not tell them, and only that is said. Which findings there are is not changed.
 */
export function withoutSecrets(
  input: LintInput,
  result: LintResult,
  judge: (input: LintInput) => LintResult,
): LintResult {
  const others = otherInputs(input);
  if (others === null) return result;
  const { changed, without, marks } = others;
  const again = [judge(changed)];
  // Most settings say nothing that is made of a secret: one more judgement tells that.
  if (saysTheSame(result, again[0]!)) return result;
  again.push(judge(without));
  return {
    ...result,
    findings: result.findings.map((finding, index) =>
      findingOf(
        marks,
        finding,
        again.map((one) => twin(finding, index, result.findings, one.findings)),
      ),
    ),
    settings: Object.fromEntries(
      Object.entries(result.settings).map(([name, one]) => [
        name,
        settingOf(
          marks,
          one,
          again.map(({ settings }) => settings[name]),
        ),
      ]),
    ),
    suppressed: result.suppressed,
    ...(result.notJudged === undefined
      ? {}
      : {
          notJudged: sameWords(
            marks,
            result.notJudged,
            again.map((one) => one.notJudged),
          ),
        }),
  };
}

function saysTheSame(one: LintResult, other: LintResult): boolean {
  const said = ({ findings, settings, notJudged }: LintResult) =>
    JSON.stringify([findings, settings, notJudged]);
  return said(one) === said(other);
}

/** The same for the explanation of one value. */
export function explanationWithoutSecrets(
  input: LintInput,
  explained: ValueExplanation,
  explain: (input: LintInput) => ValueExplanation,
): ValueExplanation {
  const others = otherInputs(input);
  if (others === null) return explained;
  const { marks } = others;
  const again = [others.changed, others.without].map(explain);
  return {
    ...explained,
    ...settingOf(marks, explained, again),
    reads: defaultsOf(
      explained.reads,
      again.map(({ reads }) => reads),
    ),
    decisions: explained.decisions.map((one, index) => ({
      ...one,
      when:
        one.when &&
        sameWords(
          marks,
          one.when,
          again.map(({ decisions }) => decisions[index]?.when),
        ),
    })),
  };
}

/** Null where no value is secret: else one where each is another of the same shape, and one where none is known. */
function otherInputs(input: LintInput): { changed: LintInput; without: LintInput; marks: Marks } | null {
  const { secrets = [], ...rest } = input;
  const environment = { ...rest.environment };
  const names = secrets.filter((name) => canHide(environment[name] ?? ""));
  if (names.length === 0) return null;
  const changed = Object.fromEntries(names.map((name) => [name, anotherOf(environment[name]!)]));
  const without = Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
  return {
    changed: { ...rest, environment: { ...environment, ...changed } },
    without: { ...rest, environment: without, provided: [...new Set([...(rest.provided ?? []), ...names])] },
    marks: marksOf(names.map((name) => environment[name]!)),
  };
}

/** What is the same in another value of the same shape, and so is known by itself: marks, and words that are kept. */
interface Marks {
  chars: Set<string>;
  words: Set<string>;
}

function marksOf(values: string[]): Marks {
  const words = values.flatMap((value) => value.match(keptWords) ?? []);
  return {
    chars: new Set(values.flatMap((value) => value.match(/[^\p{L}\p{N}\s]/gu) ?? [])),
    words: new Set(words.map((word) => word.toLowerCase())),
  };
}

/** What Python reads as a word of its own, and how a kind of address or an insecure key begins. */
const keptWords = /\b(?:true|false|none|null|yes|no|on|off)\b/gi;
const kept = new RegExp(`^(?:[a-z][a-z0-9+.-]*(?=://)|django-insecure-)|${keptWords.source}`, "gi");

/**
 * Another value of the same shape: no letter and no digit stays where it was, whatever splits it still does. The names
 * in a JSON object stay, or settings that look one up would not load.
 */
function anotherOf(value: string): string {
  const parsed = value.startsWith("{") ? jsonOf(value) : null;
  return parsed === null ? anotherText(value) : JSON.stringify(parsed);
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value, (_, one) => {
      if (typeof one === "number") return Number(shifted(String(Math.abs(one))));
      return typeof one === "string" ? anotherText(one) : one;
    });
  } catch {
    return null;
  }
}

function anotherText(value: string): string {
  let result = "";
  let at = 0;
  for (const found of value.matchAll(kept)) {
    result += shifted(value.slice(at, found.index)) + found[0];
    at = found.index + found[0].length;
  }
  return result + shifted(value.slice(at));
}

/** Marks that divide nothing: no list, address or path is written with them. */
const dull = "!^*()~`|";

function shifted(text: string): string {
  return text.replace(/[\p{L}\p{N}!^*()~`|]/gu, (char) => {
    if (dull.includes(char)) return dull[(dull.indexOf(char) + 3) % dull.length]!;
    if (/[a-z]/.test(char)) return String.fromCharCode(((char.charCodeAt(0) - 97 + 11) % 26) + 97);
    if (/[A-Z]/.test(char)) return String.fromCharCode(((char.charCodeAt(0) - 65 + 11) % 26) + 65);
    // No zero: a number keeps its length.
    if (/[0-9]/.test(char)) return String((Number(char) % 9) + 1);
    return char === "é" ? "ü" : "é";
  });
}

const keyOf = (f: Finding): string => JSON.stringify([f.id, f.file, f.line, f.column, f.setting]);

/** The finding of another run that is about the same, where it has one. */
function twin(finding: Finding, index: number, all: Finding[], others: Finding[]): Finding | undefined {
  const key = keyOf(finding);
  const turn = all.slice(0, index).filter((one) => keyOf(one) === key).length;
  return others.filter((one) => keyOf(one) === key)[turn];
}

function findingOf(marks: Marks, finding: Finding, again: (Finding | undefined)[]): Finding {
  const rule = RULES.find(({ id }) => id === finding.id);
  const fix = again.some((one) => JSON.stringify(one?.fix) === JSON.stringify(finding.fix));
  const { fix: own, ...rest } = finding;
  return {
    ...rest,
    message: sameWords(
      marks,
      finding.message,
      again.map((one) => one?.message),
      rule?.title,
    ),
    hint: sameWords(
      marks,
      finding.hint,
      again.map((one) => one?.hint),
      rule?.fix,
    ),
    dependsOn: defaultsOf(
      finding.dependsOn,
      again.map((one) => one?.dependsOn),
    ),
    ...(own && fix ? { fix: own } : {}),
  };
}

/** Variables that are read, with a default only where it is not made of a secret. */
function defaultsOf<T extends Pick<Dependency, "name" | "default">>(
  reads: T[],
  again: (Pick<Dependency, "name" | "default">[] | undefined)[],
): T[] {
  return reads.map((read) => {
    const known = again.some((others) =>
      others?.some((other) => other.name === read.name && other.default === read.default),
    );
    return read.default === null || known ? read : { ...read, default: hiddenText };
  });
}

function settingOf<T extends Pick<SettingValue, "value" | "reason">>(
  marks: Marks,
  one: T,
  again: (Pick<SettingValue, "value" | "reason"> | undefined)[],
): T {
  return {
    ...one,
    value: sameParts(
      marks,
      one.value,
      again.map((other) => other?.value),
    ),
    ...(one.reason === undefined
      ? {}
      : {
          reason: sameWords(
            marks,
            one.reason,
            again.map((o) => o?.reason),
          ),
        }),
  };
}

/** A text as far as some run without these values says it word by word; `otherwise` where none says the like. */
function sameWords(
  marks: Marks,
  text: string,
  again: (string | null | undefined)[],
  otherwise = hiddenText,
): string {
  if (again.includes(text)) return text;
  const pieces = text.split(/(\s+)/);
  for (const other of again) {
    const others = other?.split(/(\s+)/);
    if (others?.length !== pieces.length) continue;
    return pieces
      .map((piece, at) =>
        piece === others[at] && !isOfSecrets(marks, piece) ? piece : hiddenWord(marks, piece, others[at]!),
      )
      .join("");
  }
  return otherwise;
}

/** A word that another value of the same shape has as well: marks alone, or one that is kept. */
function isOfSecrets({ chars, words }: Marks, word: string): boolean {
  const bare = word.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  return bare === "" ? [...word].some((char) => chars.has(char)) : words.has(bare);
}

/** A word with its marks around it (`'***',`), where both runs have them and no secret does. */
function hiddenWord({ chars }: Marks, word: string, other: string): string {
  const before = /^[^\p{L}\p{N}]*/u.exec(word)![0];
  const after = /[^\p{L}\p{N}]*$/u.exec(word)![0];
  if (before.length === word.length || !other.startsWith(before) || !other.endsWith(after)) return hiddenText;
  const ours = (text: string) => [...text].filter((char) => !chars.has(char)).join("");
  return `${ours(before)}${hiddenText}${ours(after)}`;
}

/** So many marks of a secret in a row are none that a settings file has by itself, such as a star or a slash. */
const mostMarks = 3;

/** JSON as far as some run without these values has it at the same place. Yes and no, and nothing, tell no value. */
function sameParts(marks: Marks, value: unknown, again: unknown[]): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (typeof value === "string") {
    const telling = value.length > mostMarks && !/[\p{L}\p{N}]/u.test(value) && isOfSecrets(marks, value);
    return again.includes(value) && !telling ? value : hiddenText;
  }
  if (typeof value === "number") return again.includes(value) ? value : hiddenText;
  if (Array.isArray(value)) {
    const lists = again.filter(Array.isArray) as unknown[][];
    return value.map((one, at) =>
      sameParts(
        marks,
        one,
        lists.map((other) => other[at]),
      ),
    );
  }
  const maps = again.filter((other) => typeof other === "object" && other !== null && !Array.isArray(other));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, one], at) => {
      const known = maps.some((other) => Object.hasOwn(other as object, key));
      return [
        known ? key : `${hiddenText}${at}`,
        sameParts(
          marks,
          one,
          maps.map((other) => (other as never)[key]),
        ),
      ];
    }),
  );
}
