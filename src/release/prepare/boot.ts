import type { HostPlan } from "../../plan/types.ts";
import type { ChainedStep } from "../chain.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { askBoot, askStart } from "../slots.ts";
import type { ReleaseRun } from "./run.ts";

/** `slot green`, or `its own private socket` where slots share a port. */
export function placeText({ plan }: HostRun): string {
  return plan.stage === "probe" ? "a private socket" : `slot ${plan.stage}`;
}

/** Starts the release in the idle slot on its own socket, where nobody sees it, and waits until workers answer. */
export function bootPrivately(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  healthHost: string,
  recorder: Recorder,
): ChainedStep {
  if (host.plan.door.kind === "none") return () => async () => {};
  return (to) => {
    const started = askStart(to, host, run.release);
    const booted = askBoot(to, run.config, host, run.release, healthHost);
    return () =>
      recorder.step("boot", host.name, async (voice) => {
        await started;
        await booted();
        voice.summary(`${placeText(host)}, workers answer`);
      });
  };
}
