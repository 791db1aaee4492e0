import { formatDuration } from "../../report/duration.ts";
import type { Activation } from "../attempt-state.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { retire } from "../retire.ts";

/** Stops the release that served before, gracefully; says whom that cut, and who of an older one is left. */
export async function stopOld(
  { config, release }: Pick<Activation, "config" | "release">,
  host: HostRun,
  recorder: Recorder,
  patienceMs: number,
): Promise<void> {
  const { previous } = host.plan;
  if (!previous) return;
  await recorder.step("stop-old", host.name, async (voice) => {
    const ending = { host, step: "stop-old", ...previous, next: release, patienceMs };
    const ms = await retire(config, ending, recorder);
    voice.summary(`slot ${previous.slot}, ended in ${formatDuration(ms)}`);
  });
}
