import type { Config } from "../config/types.ts";
import { asDeployError } from "../errors.ts";
import { stopOld, takeoverOf } from "./doors/index.ts";
import type { HostRun } from "./hosts.ts";
import { proveProcesses } from "./processes.ts";
import type { Recorder } from "./recorder.ts";
import { probeSlot, proveAlive, proveServing } from "./slots.ts";

export interface Activation {
  run: string;
  release: string;
  config: Config;
  /** The Host header of every probe. */
  healthHost: string;
  /** What the live release answered before, so that a page that was there is not lost. */
  liveStatus: number | null;
  /** A rollback: processes and web take their turns the other way round. */
  backwards: boolean;
}

/**
 * Judges the page on the private socket, puts the release on disk, moves the traffic, proves what serves, and writes
 * that down. After this the release is live, whatever becomes of the run. A host without a web server has no page: its
 * processes are the proof.
 */
export async function activate(
  activation: Activation,
  host: HostRun,
  recorder: Recorder,
  actor: string,
): Promise<void> {
  const { config, release, healthHost, liveStatus } = activation;
  const web = host.plan.door.kind !== "none";
  if (web)
    await recorder.step("probe", host.name, async (voice) => {
      const answer = await probeSlot(config, host, release, healthHost, liveStatus);
      voice.summary(`${answer.seen?.status} in ${answer.seen?.ms} ms on the private socket`);
    });
  await recorder.step("sync", host.name, async () => {
    await host.session.request("sync");
  });
  await takeoverOf(host.plan.door).forward(activation, host, recorder);
  await recorder.step("prove", host.name, async (voice) => {
    host.proof = web
      ? await proveServing(config, host, { release, slot: host.plan.slot, healthHost, live: liveStatus })
      : await proveProcesses(host, release);
    await host.session.request("finish", {
      run: activation.run,
      release,
      previous: host.plan.previous?.release ?? null,
      by: actor,
    });
    voice.summary(host.proof);
  });
}

/**
 * Waits until nobody waits to be let in by the old release any more, and looks at the new one once again before the way
 * back is closed: what dies right after it was proven throws, and all hosts go back. A host that is lost is noted in
 * `host.lost`. Other trouble is a warning.
 */
export async function settle(activation: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  await orWarn(activation, host, recorder, () => drainOld(activation, host, recorder));
  if (host.lost) return;
  await orWarn(activation, host, recorder, () =>
    recorder.step("look-again", host.name, async (voice) => {
      if (host.plan.door.kind === "none") await proveProcesses(host, activation.release);
      else await proveAlive(host, { release: activation.release, slot: host.plan.slot });
      voice.summary("it still runs");
    }),
  );
}

/**
 * Stops the old release and cleans up. The new one is live and proven already: what goes wrong here is a warning and
 * no reason to go back, and the next deploy does it again.
 */
export async function finish(activation: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  if (host.lost) return;
  await orWarn(activation, host, recorder, async () => {
    const { drain } = activation.config;
    if (takeoverOf(host.plan.door).apart)
      await stopOld(activation, host, recorder, drain.maxMs - host.drainedMs);
    await clean(activation.config, host, recorder);
  });
}

/** The one error that says that the release is dead; everything else was seen behind a proof. */
const notServing = "proof.failed";

/** Nobody sees any more whether it serves: no way back for the others, and no success either. */
const connectionLost = "host.connection-lost";

async function orWarn(
  { release }: Activation,
  host: HostRun,
  recorder: Recorder,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    const error = asDeployError(thrown);
    if (error.code === notServing) throw error;
    if (error.code === connectionLost) {
      host.lost = error;
      return;
    }
    recorder.note(`${release} is live; what is left of the old one was not cleared: ${error.message}`, {
      host: host.name,
      level: "warning",
    });
  }
}

async function drainOld({ config }: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  const { previous, door } = host.plan;
  if (!previous || !takeoverOf(door).apart) return;
  await recorder.step("drain", host.name, async (voice) => {
    const { ms, left } = await host.session.request<{ ms: number; left: number }>("drain", {
      slot: previous.slot,
      min: config.drain.minMs / 1000,
      max: config.drain.maxMs / 1000,
    });
    host.drainedMs = ms;
    if (left > 0)
      voice.note(`${left} connections still waited in the old release's queue after drain.max`, "warning");
    voice.summary(`queue empty after ${ms} ms`);
  });
}

async function clean(config: Config, host: HostRun, recorder: Recorder): Promise<void> {
  await recorder.step("clean", host.name, async (voice) => {
    // Nothing ran in the slot of a host without a web server; its link would keep the old release for ever.
    if (host.plan.door.kind === "none" && host.plan.previous)
      await host.session.request("retire", { slot: host.plan.previous.slot, unseen: true });
    const cleaned = await host.session.request<{ releases: string[]; venvs: string[] }>("clean", {
      keep: config.release.keep,
    });
    voice.summary(
      cleaned.releases.length ? `removed ${cleaned.releases.length} old releases` : "nothing to clean",
    );
  });
}
