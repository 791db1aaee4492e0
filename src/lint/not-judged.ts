import { possible } from "../python/logic/decide.ts";
import type { Judge } from "./judge.ts";
import type { LintResult, SettingValue } from "./types.ts";

/** What nearly every verdict rests on. */
const CORE = ["DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "MIDDLEWARE"];

/**
 * Why nothing could be judged, null where something was. Nothing found is then no good news: no rule was asked, or
 * none could answer.
 */
export function notJudged({ evaluation, input }: Judge, settings: LintResult["settings"]): string | null {
  if (evaluation.file === null) return `${input.settingsModule} is not in the repository`;
  if (evaluation.exhausted) return "the settings are too long to follow";
  if (!possible(evaluation.alive)) {
    const last = evaluation.deaths.at(-1);
    const where = last ? ` at ${last.place.file}:${last.place.line}` : "";
    return `as far as they can be followed, the settings do not load: ${last?.error.cls.name ?? "an exception"}${where}`;
  }
  const core = CORE.map((name): SettingValue | undefined => settings[name]);
  if (!core.every((one) => one?.certainty === "unknown")) return null;
  return core[0]?.reason || "what sets them is not known";
}
