import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

/** Sorts what the run was given: secrets of the release, and values for install steps only (`python.env`). */
export function givenFor(
  { config, values }: RunContext,
  recorder: Recorder,
): { secrets: Record<string, string>; install: Record<string, string> } {
  const secrets: Record<string, string> = {};
  const install: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === "") continue;
    if (config.python.env.includes(name)) install[name] = value;
    if (config.env.secrets.includes(name)) secrets[name] = value;
    else if (!config.python.env.includes(name)) {
      recorder.note(`${name} was given but is not in env.secrets: not used`, { level: "warning" });
    }
  }
  return { secrets, install };
}
