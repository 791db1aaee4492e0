import type { Rule } from "../rule.ts";

/** Said by gather.ts, of what several rules could not judge. */
export const notFollowedRule: Rule = {
  id: "djdeploy.not-followed",
  level: "warning",
  title: "What several checks are about comes from code that is not read",
  why: "Settings were given to a function of a package, or come from one, or any of them may be overridden under a name that only the host knows. What is not in the repository is not read, so the checks listed with it cannot be made here; the live check of a deploy makes them in the release's own environment, before the switch.",
  fix: "state what you know of it in djdeploy.yml under lint.assume, or leave it to the live check of a deploy",
  check: () => [],
};
