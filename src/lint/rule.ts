import type { Evaluation } from "../python/evaluate.ts";
import type { Place, Value } from "../python/logic/values.ts";
import type { Judge } from "./judge.ts";
import type { FindingLevel } from "./types.ts";

/** What is added to advice that waits for TLS. */
export const LATER = " (advice for after TLS)";

/** One thing that a rule found, and when. */
export interface Check {
  /** The condition: true where it holds. */
  when: Value;
  message: string;
  /** The setting that it is about; decides the place, unless one is given. */
  setting?: string;
  hint?: string;
  place?: Place;
  level?: FindingLevel;
  /** Of another file than the settings: the condition is about its variables. */
  of?: Evaluation;
  /** Judged over all worlds, not only those in which the settings load. */
  everywhere?: boolean;
  /** What a variable's text is for which it holds, where any short one fails: `is empty or too short`. */
  shape?: string;
  /** The message says on what it depends. */
  whole?: boolean;
  /** Said although it may be our own misreading: never more than unknown. */
  unsure?: string;
}

/** A rule: what it means, and a pure function over the evaluated settings. */
export interface Rule {
  /** Django's own id where Django has the check, else `djdeploy.NAME`. */
  id: string;
  level: FindingLevel;
  title: string;
  why: string;
  fix: string;
  /** A page of Django's documentation, after `…/en/VERSION/`, or a whole address. */
  docs?: string;
  /** Django versions that have it: from (inclusive) and to (exclusive), as [major, minor]. */
  from?: [number, number];
  to?: [number, number];
  /** Only worth saying once there is TLS. */
  https?: boolean;
  /** Said once, in the finding of one of these ids, where both hold: they have one cause. */
  partOf?: string | string[];
  /** Of the two messages, this rule's says more. */
  sharper?: boolean;
  check(j: Judge): Check[];
}
