import type { HostFacts } from "../host/types.ts";
import { livingRelease } from "../plan/host.ts";
import type { Begun } from "./begin.ts";
import type { Recorder } from "./recorder.ts";

/** What a dead run left behind, as acts that put it right. Pure. */
export function leftovers(facts: HostFacts): {
  stop: ("blue" | "green")[];
  failed: string[];
  unproven: string | null;
} {
  const live = livingRelease(facts);
  const stop = (["blue", "green"] as const).filter((slot) => slot !== live?.slot && facts.slots[slot]?.pid);
  const failed = facts.releases
    .filter((release) => !release.live && ["building", "ready", "switched"].includes(release.state))
    .map((release) => release.id);
  const current = facts.releases.find((release) => release.live);
  return { stop, failed, unproven: current?.state === "switched" ? current.id : null };
}

/**
 * Finishes or reverts what a dead run left, before anything new begins: an unfinished release is marked failed and its
 * slot stopped; one that was switched to but never proven is taken as live only if the manager runs it.
 */
export async function recover(
  host: Begun,
  run: string,
  actor: string,
  recorder: Recorder,
): Promise<HostFacts> {
  const { facts, session, name } = host;
  const left = leftovers(facts);
  if (left.stop.length === 0 && left.failed.length === 0 && !left.unproven) return facts;
  return recorder.step("recover", name, async (voice) => {
    const live = livingRelease(facts);
    if (left.unproven && live) {
      const other = live.slot === "blue" ? "green" : "blue";
      const before = facts.slots[other];
      if (facts.slots[live.slot]?.up) {
        await session.request("finish", {
          run,
          release: left.unproven,
          previous: before?.release ?? null,
          by: actor,
        });
        voice.note(`${left.unproven} was switched to by a run that died before it could prove it; it runs`);
      } else if (before?.up && before.release) {
        await session.request("switch-back", { slot: other, release: before.release });
        await session.request("update", {
          release: left.unproven,
          changes: { state: "failed", reason: "its run died, and it does not run" },
        });
        voice.note(`${left.unproven} does not run; ${before.release} serves again`, "warning");
        return (await session.request("facts")) as HostFacts;
      }
    }
    for (const slot of left.stop) await session.request("retire", { slot });
    for (const release of left.failed) {
      await session.request("update", {
        release,
        changes: { state: "failed", reason: "its run ended before it was done" },
      });
    }
    voice.summary(`${left.failed.length} unfinished releases of an earlier run marked as failed`);
    const fresh = await session.request<HostFacts>("facts");
    return { ...fresh, ...(facts.base ? { base: facts.base } : {}) };
  });
}
