import type { HostPlan } from "../../plan/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { awaitBoot, startPrivately } from "../slots.ts";
import type { ReleaseRun } from "./run.ts";

/** `slot green`, or `its own private socket` where slots share a port. */
export function placeText({ plan }: HostRun): string {
  return plan.stage === "probe" ? "a private socket" : `slot ${plan.stage}`;
}

/** Starts the release in the idle slot on its own socket, where nobody sees it, and waits until workers answer. */
export async function bootPrivately(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  healthHost: string,
  recorder: Recorder,
): Promise<void> {
  if (host.plan.door.kind === "none") return;
  await recorder.step("boot", host.name, async (voice) => {
    await startPrivately(host, run.release);
    await awaitBoot(run.config, host, run.release, healthHost);
    voice.summary(`${placeText(host)}, workers answer`);
  });
}
