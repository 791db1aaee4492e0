import type { Config } from "../config/types.ts";
import type { HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import { probeFront, probeSlot, proofText, prove } from "./slots.ts";

export interface Activation {
  run: string;
  release: string;
  config: Config;
  /** The Host header of every probe. */
  healthHost: string;
  /** What the live release answered before, so that a page that was there is not lost. */
  liveStatus: number | null;
}

/** Judges the page on the private socket, puts the release on disk, moves the traffic, and proves what serves. */
export async function activate(activation: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  const { config, release, healthHost, liveStatus } = activation;
  await recorder.step("probe", host.name, async (voice) => {
    const answer = await probeSlot(config, host, release, healthHost, liveStatus);
    voice.summary(`${answer.seen?.status} in ${answer.seen?.ms} ms on the private socket`);
  });
  await recorder.step("sync", host.name, async () => {
    await host.session.request("sync");
  });
  await recorder.step("switch", host.name, async (voice) => {
    recorder.commit();
    host.switched = true;
    await host.session.request("switch", { slot: host.plan.slot, release, run: activation.run });
    voice.summary(`web.sock → ${host.plan.slot}.sock`);
  });
  await recorder.step("prove", host.name, async (voice) => {
    const answer = await probeFront(config, host, release, healthHost, liveStatus);
    const proof = await prove(host, release, host.plan.slot, previousReleases(host));
    host.proof = proofText(host, answer, proof);
    voice.summary(host.proof);
  });
}

/** The old release drains in the other slot while the new one is proven: it is no survivor yet. */
function previousReleases(host: HostRun): string[] {
  return host.plan.previous ? [host.plan.previous.release] : [];
}

/** Drains and stops the old, proves that nothing of it is left, writes the release down as live, cleans up. */
export async function finish(
  activation: Activation,
  host: HostRun,
  recorder: Recorder,
  actor: string,
): Promise<void> {
  const { config, release } = activation;
  const { previous } = host.plan;
  if (previous) {
    await recorder.step("drain", host.name, async (voice) => {
      const drained = await host.session.request<{ ms: number; left: number }>("drain", {
        slot: previous.slot,
        min: config.drain.minMs / 1000,
        max: config.drain.maxMs / 1000,
      });
      if (drained.left > 0) {
        voice.note(
          `${drained.left} connections still waited in the old release's queue after drain.max`,
          "warning",
        );
      }
      voice.summary(`queue empty after ${drained.ms} ms`);
    });
    await recorder.step("stop-old", host.name, async (voice) => {
      const left = await host.session.request<{ survivors: { pid: number; release: string }[] }>("retire", {
        slot: previous.slot,
        release,
      });
      for (const row of left.survivors) {
        voice.note(`process ${row.pid} of ${row.release} still runs`, "warning");
      }
      voice.summary(`slot ${previous.slot}`);
    });
  }
  await recorder.step("finish", host.name, async (voice) => {
    await host.session.request("finish", {
      run: activation.run,
      release,
      previous: previous?.release ?? null,
      by: actor,
    });
    const cleaned = await host.session.request<{ releases: string[]; venvs: string[] }>("clean", {
      keep: config.release.keep,
    });
    voice.summary(
      cleaned.releases.length ? `removed ${cleaned.releases.length} old releases` : "nothing to clean",
    );
  });
}
