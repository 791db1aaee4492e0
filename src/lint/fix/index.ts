import { OutOfSteps } from "../../python/logic/steps.ts";
import { OutOfWork, renewWork } from "../../python/logic/work.ts";
import type { SourceTree } from "../../python/source/tree.ts";
import { study } from "../engine.ts";
import { httpsOnly } from "../explain.ts";
import { withoutSecrets } from "../independent.ts";
import type { Finding, LintInput, LintResult } from "../types.ts";
import { proposals } from "./proposals.ts";
import { objection, type Study } from "./prove.ts";
import { applyEdits } from "./text.ts";
import type { Fix } from "./types.ts";

/** A fix that was made, and proven. */
export interface Made {
  id: string;
  file: string;
  line: number;
  code: string;
  /** Settings that it gives another value. */
  sets: string[];
  /** What is asked next, now that this is answered. */
  reveals: string[];
  /** The variable that can undo it; null for none. */
  variable: string | null;
}

/** A fix that was not made, and why. */
export interface Dropped {
  id: string;
  file: string;
  line: number;
  reason: string;
}

export interface FixReport {
  /** The new text of each changed file. */
  files: Map<string, string>;
  made: Made[];
  dropped: Dropped[];
  /** The judgement of the fixed project. */
  result: LintResult;
}

export interface FixOptions {
  /** Will visitors come by HTTPS? Without, what needs it is left alone. */
  https: boolean;
  /** Why a file must not be written; null where it may. */
  writable?: (file: string) => string | null;
}

/** Each fix costs an evaluation or two. */
const MOST_FIXES = 40;

/**
 * Answers what can be answered mechanically and with certainty. Every fix is judged in memory before it counts: the
 * text still parses, the finding is gone, no other came, and no other setting has another value. Writes nothing.
 */
export function fixProject(input: LintInput, { https, writable = () => null }: FixOptions): FixReport {
  const files = new Map<string, string>();
  const report: Omit<FixReport, "result"> = { files, made: [], dropped: [] };
  const done = new Set<string>();
  let now: Study = study(input);
  for (let n = 0; n < MOST_FIXES; n++) {
    const next = nextFinding(now, done);
    if (!next) break;
    const { finding, fixes } = next;
    done.add(keyOf(finding));
    const drop = (reason: string): void => {
      report.dropped.push({ id: finding.id, file: finding.file, line: finding.line, reason });
    };
    if (!https && httpsOnly(finding.id)) {
      drop("it needs HTTPS, and tls is none");
      continue;
    }
    let reason: string | null = null;
    for (const fix of fixes) {
      const attempt = bounded<Attempt | string>(() => tryFix(input, now, finding, fix, writable), TOO_MUCH);
      if (typeof attempt === "string") reason ??= attempt;
      else {
        for (const [file, text] of attempt.texts) files.set(file, text);
        input = attempt.input;
        now = attempt.study;
        report.made.push(madeOf(finding, fix));
        reason = null;
        break;
      }
    }
    if (reason !== null) drop(reason);
  }
  return { ...report, result: withoutSecrets(input, now.result, (other) => study(other).result) };
}

const keyOf = (f: Finding): string => `${f.id} ${f.setting} ${f.file}`;

/** The next finding with an automatic fix; a flag's cast comes before what depends on the flag. */
function nextFinding(now: Study, done: Set<string>): { finding: Finding; fixes: Fix[] } | null {
  const open = now.result.findings.filter((f) => f.fix?.automatic && !done.has(keyOf(f)));
  const finding = open.find((f) => !httpsOnly(f.id)) ?? open[0];
  if (!finding) return null;
  return { finding, fixes: bounded(() => proposals(now.judge, finding), []).filter((fix) => fix.automatic) };
}

const TOO_MUCH = "the settings are too much to compare";

/** What a question about the evaluated settings comes to, or an answer for when it takes too much work. */
function bounded<T>(ask: () => T, otherwise: T): T {
  renewWork();
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof OutOfWork || error instanceof OutOfSteps || error instanceof RangeError))
      throw error;
    return otherwise;
  }
}

interface Attempt {
  texts: Map<string, string>;
  input: LintInput;
  study: Study;
}

/** The project with one fix made, or why it must not be. */
function tryFix(
  input: LintInput,
  now: Study,
  finding: Finding,
  fix: Fix,
  writable: NonNullable<FixOptions["writable"]>,
): Attempt | string {
  const texts = new Map<string, string>();
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const refused = writable(file);
    if (refused !== null) return refused;
    const text = input.files.read(file);
    if (text === null) return `${file} cannot be read`;
    texts.set(
      file,
      applyEdits(
        text,
        fix.edits.filter((edit) => edit.file === file),
      ),
    );
  }
  const changed = { ...input, files: overlay(input.files, texts) };
  const after = study(changed);
  const refused = objection(now, after, finding, fix) ?? stillRead(input.files, now, after);
  return refused ?? { texts, input: changed, study: after };
}

/** Other code of the project that reads a setting which the fix takes away. */
function stillRead(files: SourceTree, before: Study, after: Study): string | null {
  const gone = [...before.judge.evaluation.settings.keys()].filter(
    (name) => !after.judge.evaluation.settings.has(name),
  );
  if (gone.length === 0) return null;
  const uses = new RegExp(`\\b(?:${gone.join("|")})\\b`);
  const settings = before.judge.evaluation.parsed;
  const user = files
    .list()
    .find((f) => f.endsWith(".py") && !settings.has(f) && uses.test(files.read(f) ?? ""));
  return user ? `${user} reads ${gone.join(" or ")}` : null;
}

function overlay(files: SourceTree, texts: Map<string, string>): SourceTree {
  return { list: files.list, read: (path) => texts.get(path) ?? files.read(path) };
}

function madeOf(finding: Finding, { file, line, code, sets, reveals, variables }: Fix): Made {
  return { id: finding.id, file, line, code, sets, reveals, variable: variables[0] ?? null };
}
