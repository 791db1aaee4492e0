import type { Rule } from "../rule.ts";

/** Said by src/lint/assume, of what djdeploy.yml states. */
export const assumeWrongRule: Rule = {
  id: "djdeploy.assume-wrong",
  level: "error",
  title: "A stated fact is not so",
  why: "lint.assume in djdeploy.yml states the value of a setting that the settings decide for certain, and otherwise. Whatever rests on the statement would be judged by something that is not there.",
  fix: "correct the statement, or take it out of lint.assume",
  check: () => [],
};

export const assumeUnusedRule: Rule = {
  id: "djdeploy.assume-unused",
  level: "warning",
  title: "A fact is stated that is known anyway",
  why: "lint.assume is used only where the value of a setting is not known. Here it is known, or the environment decides it, so nothing rests on the statement; it would hide nothing today, and mislead whoever reads it.",
  fix: "take it out of lint.assume",
  check: () => [],
};

export const assumeRules: Rule[] = [assumeWrongRule, assumeUnusedRule];
