import type { Swept } from "../host/types.ts";
import { byRelease } from "../plan/agreement.ts";
import { survivorsText } from "./slots.ts";

/** A sentence for each release of which something had to be ended, or could not be. */
export function sweptText(swept: Swept): string[] {
  const ended = byRelease(swept.ended).map(
    ([who, several]) => `${who} ran outside of every service and ${several ? "were" : "was"} ended`,
  );
  return [...ended, ...survivorsText(swept)];
}
