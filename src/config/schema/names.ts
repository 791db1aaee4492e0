import { said } from "./fields.ts";
import { variable } from "./values.ts";

/**
 * What a runner and the action keep for themselves: `INPUT_SSH-PRIVATE-KEY`, `ACTIONS_RUNTIME_TOKEN`, `GITHUB_TOKEN`.
 * djdeploy.yml is the repository's, and whom it names is given its value. GitHub reserves these prefixes too:
 * https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
const reserved = /^(?:INPUT|ACTIONS|GITHUB|RUNNER|STATE)_/i;

/** Whether a variable may be taken from the environment of whoever deploys, because djdeploy.yml names it. */
export function mayBeNamed(name: string): boolean {
  return !reserved.test(name);
}

const phrase =
  "the name of an environment variable such as SECRET_KEY that does not begin with INPUT_, ACTIONS_, GITHUB_, RUNNER_ or STATE_ (those are the runner's own)";

/** The name of a variable whose value comes from the environment of whoever deploys. */
export const taken = said(phrase, variable.refine(mayBeNamed, { error: phrase }));
