import type { Value } from "../python/logic/values.ts";
import type { Judge } from "./judge.ts";
import type { Rule } from "./rule.ts";

type Plain = Omit<Rule, "check" | "docs"> & {
  /** The setting it is about. */
  setting: string;
  /** What the finding says; the title where there is none. */
  message?: string;
  /** What to do, in one line; the fix where there is none. */
  hint?: string;
  docs?: string;
  when(j: Judge): Value;
};

/** Where Django's reference explains a setting. */
export const settingDocs = (name: string): string => `ref/settings/#${name.toLowerCase().replace(/_/g, "-")}`;

/** A rule with one condition about one setting. */
export function rule({ setting, message, hint, when, ...rest }: Plain): Rule {
  return {
    docs: settingDocs(setting),
    ...rest,
    check: (j) => [
      { when: when(j), setting, message: message ?? rest.title, ...(hint === undefined ? {} : { hint }) },
    ],
  };
}
