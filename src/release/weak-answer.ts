import type { Config } from "../config/types.ts";
import type { Seen } from "../host/types.ts";

/**
 * What a good answer proves less than it seems: workers run, and no page was seen to work. null: a page was seen, or the
 * configuration or the live release says that this answer is the right one.
 */
export function weakAnswer({ health }: Config, seen: Seen | null, live: number | null): string | null {
  const status = seen?.status ?? null;
  if (!seen || status === null || health.status !== "auto" || health.contains !== null) return null;
  const good = status >= 200 && status < 300;
  // A page of its own that a probe is to ask may have nothing to say.
  const empty = good && health.path === "/" && seen.body.trim() === "";
  if ((good && !empty) || status === live) return null;
  let answer = `answers ${status}`;
  if (status >= 300 && status < 400) answer = `redirects to ${seen.location ?? "another page"}`;
  if (empty) answer += " with an empty page";
  return `${health.path} ${answer}: that proves that the release runs, and no page of it; name one that answers 200 as \`health: {path: /…}\` in djdeploy.yml`;
}
