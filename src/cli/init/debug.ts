import type { Config } from "../../config/types.ts";
import { loadLint } from "../../lint/load.ts";
import type { Variable } from "../../project/survey.ts";
import { folderSubject } from "../../release/lint.ts";

/** What one way or another of reading a variable takes for off, the plainest first. `bool(…)` takes only the last. */
const words = ["0", "False", "false", "off", "no", ""];

/**
 * What to give the variables that switch DEBUG, so that it is off for certain: each word is tried on the settings
 * themselves, for "0" is off for one cast and on for another. Nothing where it is off whatever they are, and nothing
 * where no word is known to do it. The folder has to have settings.
 */
export async function debugOff(config: Config, variables: Variable[]): Promise<Record<string, string>> {
  const names = variables.map(({ name }) => name).filter((name) => /(?:^|_)DEBUG$/.test(name));
  if (names.length === 0) return {};
  const { input } = await folderSubject(config, { settings: null, values: {} });
  const { lint } = await loadLint();
  const isOff = (given: Record<string, string>) => {
    const { DEBUG: found } = lint({ ...input, environment: { ...input.environment, ...given } }).settings;
    return found?.certainty === "certain" && !found.value;
  };
  if (isOff({})) return {};
  for (const word of words) {
    let given = Object.fromEntries(names.map((name) => [name, word]));
    if (!isOff(given)) continue;
    for (const name of names) {
      const { [name]: _, ...others } = given;
      if (isOff(others)) given = others;
    }
    return given;
  }
  return {};
}
