import type { Evaluation } from "../python/evaluate.ts";
import { always } from "../python/logic/decide.ts";
import type { Tried } from "../python/logic/machine.ts";
import type { Value } from "../python/logic/values.ts";

interface Words {
  /** `DEBUG is 'True', '1'`; null where no words of the project's or of Python's say it. */
  values: string | null;
  /** Whatever is short fails, and something long passes: the words tried say nothing. */
  anyShort: boolean;
}

/** Texts that casts know. */
const FLAGS = ["True", "False", "1", "0"];
const MOST = 4;

/**
 * The values of its only variable for which a condition holds; no words where it has several. Texts that we made up to
 * stand for others are not told: that "kD7v…" fails says nothing to anybody.
 */
export function valuesInWords(e: Evaluation, when: Value): Words {
  const none = { values: null, anyShort: false };
  if (when.t !== "choice" || when.edges.some((x) => x.to.t === "choice")) return none;
  const v = e.variables[when.at];
  if (v?.kind !== "env") return none;
  const mask = when.edges.find((x) => always(x.to))?.mask ?? 0;
  const tried = v.values.slice(0, 30);
  const fails = tried.filter((_, i) => mask & (1 << i));
  const passes = tried.filter((_, i) => !(mask & (1 << i)));
  if (fails.length === 0) return none;
  const orUnset = fails.some(isUnset) ? ", or not set" : "";
  const say = (words: string): Words => ({ values: `${v.name} ${words}`, anyShort: false });
  if (passes.every(isBlank) && !fails.some(isBlank)) return say("has any non-empty value, 'False' included");
  if (passes.length === 1 && passes.every(isUnset)) return say("has any value");
  const told = toldOf(fails);
  if (told.length === 0) return orUnset ? say("is not set") : none;
  const flags = FLAGS.filter((flag) => fails.some(({ text }) => text === flag));
  if (flags.length === FLAGS.length) {
    const right = toldOf(passes).filter((text) => text !== "");
    if (right.length > 0 && !passes.some(isMadeUp)) return say(`is anything but ${listOf(right)}${orUnset}`);
    return { values: null, anyShort: passes.some(isMadeUp) };
  }
  if (flags.join() === "True,False" && passes.some(({ text }) => text === "0"))
    return say(`is no number${orUnset}`);
  const others = fails.length > Math.min(told.length, MOST) + (orUnset ? 1 : 0) ? " and others" : "";
  return say(`is ${listOf(told)}${others}${orUnset}`);
}

const isMadeUp = ({ origin }: Tried): boolean => origin === "made-up";
const isUnset = ({ text }: Tried): boolean => text === null;
const isBlank = ({ text }: Tried): boolean => text === null || text === "";

const toldOf = (among: Tried[]): string[] =>
  among.flatMap((one) => (one.text === null || isMadeUp(one) || one.text.length >= 40 ? [] : [one.text]));

const listOf = (texts: string[]): string =>
  texts
    .slice(0, MOST)
    .map((text) => (text === "" ? "empty" : `'${text}'`))
    .join(", ");
