import type { Hold } from "../host/types.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import { liveManifest } from "./rows.ts";
import type { HoldView, RunContext } from "./types.ts";

/**
 * Whether pushes may deploy: without options shows it, `on` (a reason) refuses them until a deploy that a person
 * starts, `off` lets them deploy again.
 */
export async function hold(
  context: RunContext,
  options: { on: string | null; off: boolean },
): Promise<HoldView> {
  const hosts = await withHosts(context, async (session) => {
    const facts = await session.request("facts");
    requireSetUp(session.name, facts);
    if (options.on === null && !options.off) return { host: session.name, hold: facts.hold ?? null };
    const next: Hold | null =
      options.on === null ? null : newHold(context, liveManifest(facts)?.id ?? null, options.on);
    await session.request("hold", { hold: next, by: context.actor });
    return { host: session.name, hold: next };
  });
  return { environment: context.config.environment, hosts };
}

/** What stands in .djdeploy/hold.json. */
export function newHold(context: RunContext, release: string | null, reason: string): Hold {
  const { actor, runUrl, redact } = context;
  return { release, actor, at: Math.floor(Date.now() / 1000), reason: redact(reason), runUrl };
}
