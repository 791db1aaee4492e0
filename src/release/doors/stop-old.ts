import type { Proof } from "../../host/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { survivorsText } from "../slots.ts";

/** Stops the release that served before, gracefully; says who of an older one is left. */
export async function stopOld(release: string, host: HostRun, recorder: Recorder): Promise<void> {
  const { previous } = host.plan;
  if (!previous) return;
  await recorder.step("stop-old", host.name, async (voice) => {
    const left = await host.session.request<Pick<Proof, "survivors">>("retire", {
      slot: previous.slot,
      release,
    });
    for (const sentence of survivorsText(left)) voice.note(sentence, "warning");
    voice.summary(`slot ${previous.slot}`);
  });
}
