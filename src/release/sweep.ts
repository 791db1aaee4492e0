import type { Running } from "../host/types.ts";
import { byRelease } from "../plan/agreement.ts";
import { survivorsText } from "./slots.ts";

/** What the agent ended of older releases, and what is left of them. */
export interface Swept {
  ended: Running[];
  survivors: Running[];
}

/** A sentence for each release of which something had to be ended, or could not be. */
export function sweptText(swept: Swept): string[] {
  const ended = byRelease(swept.ended).map(
    ([who, several]) => `${who} ran outside of every service and ${several ? "were" : "was"} ended`,
  );
  return [...ended, ...survivorsText(swept)];
}
