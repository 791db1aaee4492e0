import type { Value } from "../python/values.ts";
import type { Judge } from "./judge.ts";
import type { Rule } from "./rule.ts";

type Plain = Omit<Rule, "check" | "docs"> & {
  /** The setting it is about. */
  setting: string;
  /** Its message; the title where there is none. */
  message?: string;
  docs?: string;
  when(j: Judge): Value;
};

/** A rule with one condition about one setting. */
export function rule({ setting, message, when, ...rest }: Plain): Rule {
  const anchor = `ref/settings/#${setting.toLowerCase().replace(/_/g, "-")}`;
  return {
    docs: anchor,
    ...rest,
    check: (j) => [{ when: when(j), setting, message: message ?? rest.title }],
  };
}
