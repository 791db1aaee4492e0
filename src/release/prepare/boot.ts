import type { HostPlan } from "../../plan/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { awaitBoot, startSlot } from "../slots.ts";
import type { ReleaseRun } from "./run.ts";

/** Starts the release in the idle slot on its own socket, where nobody sees it, and waits until workers answer. */
export async function bootPrivately(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  healthHost: string,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("boot", host.name, async (voice) => {
    await startSlot(host, run.release);
    await awaitBoot(run.config, host, run.release, healthHost);
    voice.summary(`slot ${host.plan.slot}, workers answer`);
  });
}
