import { asDeployError, type DeployError } from "../errors.ts";
import { isUnheard } from "../host/faults.ts";
import type { Activation } from "./attempt-state.ts";
import { type ChainedStep, inOneGo } from "./chain.ts";
import { stopOld, takeoverOf } from "./doors/index.ts";
import type { HostRun } from "./hosts.ts";
import { askWhetherAlive, dead } from "./look-again.ts";
import { askProcesses } from "./processes.ts";
import type { Recorder, StepVoice } from "./recorder.ts";
import { askPage, askProof } from "./slots.ts";
import { weakAnswer } from "./weak-answer.ts";

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
  const { config, release, healthHost, liveStatus, backwards } = activation;
  const probe: ChainedStep = (to) => {
    const page = askPage(to, config, host, release, healthHost, liveStatus);
    return () =>
      recorder.step("probe", host.name, async (voice) => {
        const answer = await page();
        voice.summary(`${answer.seen?.status} in ${answer.seen?.ms} ms on the private socket`);
        const weak = backwards ? null : weakAnswer(config, answer.seen, liveStatus);
        if (weak !== null) voice.note(weak, "warning");
      });
  };
  const sync: ChainedStep = (to) => {
    const synced = to.request("sync");
    return () => recorder.step("sync", host.name, async () => void (await synced));
  };
  await inOneGo(host.session, host.plan.door.kind === "none" ? [sync] : [probe, sync]);
  await takeOver(activation, host, recorder, actor);
}

/** Moves the traffic and proves what serves, in one round trip where the door allows that. */
async function takeOver(
  activation: Activation,
  host: HostRun,
  recorder: Recorder,
  actor: string,
): Promise<void> {
  const { config, release, healthHost, liveStatus, run } = activation;
  const { slot, previous, door } = host.plan;
  const takeover = takeoverOf(door);
  const chain = host.session.chain();
  const moved = takeover.forward(activation, host, recorder, chain);
  // A run that was cancelled at the last moment asked for no switch, and there is nothing to be proven.
  if (!takeover.apart || !recorder.committed) await moved;
  const proof =
    door.kind === "none"
      ? askProcesses(chain, host, release)
      : askProof(chain, config, host, { release, slot, healthHost, live: liveStatus });
  const written = chain.request("finish", {
    run,
    release,
    previous: previous?.release ?? null,
    by: actor,
  });
  await moved;
  await recorder.step("prove", host.name, async (voice) => {
    host.proof = await proof();
    Object.assign(host.mains, host.proof.mains);
    host.provenAt = performance.now();
    voice.summary(host.proof.text);
    await written.catch((thrown) => noteUnwritten(release, asDeployError(thrown), voice));
  });
}

/**
 * Waits until nobody waits to be let in by the old release any more, and looks at the new one once again before the way
 * back is closed: what dies right after it was proven throws, and all hosts go back. A host that is lost is noted in
 * `host.lost`. Other trouble is a warning. What no release needs any more is cleared first, in the time of drain.min.
 */
export async function settle(activation: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  const { config } = activation;
  const back = host.plan.previous?.release ?? null;
  const cleaned = host.session.request("clean", { keep: config.release.keep, back });
  const drained = askDrain(activation, host);
  const alive = askWhetherAlive(activation, host);
  await orWarn(activation, host, recorder, () =>
    recorder.step("clean", host.name, async (voice) => {
      const { releases } = await cleaned;
      voice.summary(releases.length ? `removed ${releases.length} old releases` : "nothing to clean");
    }),
  );
  if (host.lost) return;
  if (drained) await orWarn(activation, host, recorder, () => tellDrained(host, drained, recorder));
  if (host.lost) return;
  await orWarn(activation, host, recorder, () =>
    recorder.step("look-again", host.name, async (voice) => {
      await alive(voice);
    }),
  );
}

/** The release serves and is proven: a disk that is full now is no reason to take it from visitors again. */
function noteUnwritten(release: string, error: DeployError, voice: StepVoice): void {
  if (error.code !== "host.os") throw error;
  const what = `${release} is live, and that could not be written down (${error.message})`;
  voice.note(`${what}; ${error.details.hint ?? "look at the host"}`, "warning");
}

/**
 * Stops the old release, and looks a last time while that can still be started again. The new one is live and
 * proven already: what goes wrong here is a warning and no reason to go back, and the next deploy does it again.
 */
export async function finish(activation: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  if (host.lost) return;
  const { config } = activation;
  const { door, previous } = host.plan;
  await orWarn(activation, host, recorder, async () => {
    const stopped = takeoverOf(door).apart
      ? stopOld(activation, host, recorder, config.drain.maxMs - host.drainedMs)
      : null;
    // Nothing ran in the slot of a host without a web server; its link would keep the old release for ever.
    const unlinked =
      door.kind === "none" && previous
        ? host.session.request("retire", { slot: previous.slot, unseen: true })
        : null;
    const alive = askWhetherAlive(activation, host);
    await stopped;
    await recorder.step("look-again", host.name, async (voice) => {
      await alive(voice);
    });
    await unlinked;
  });
}

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
    if (dead.includes(error.code)) throw error;
    // Nobody sees any more whether it serves: no way back for the others, and no success either.
    if (isUnheard(error.code)) {
      host.lost = error;
      return;
    }
    recorder.note(`${release} is live; what is left of the old one was not cleared: ${error.message}`, {
      host: host.name,
      level: "warning",
    });
  }
}

interface Drained {
  ms: number;
  left: number;
}

/** null where old and new never run apart, or nothing served before. */
function askDrain({ config }: Activation, host: HostRun): Promise<Drained> | null {
  const { previous, door } = host.plan;
  if (!previous || !takeoverOf(door).apart) return null;
  return host.session.request("drain", {
    slot: previous.slot,
    min: config.drain.minMs / 1000,
    max: config.drain.maxMs / 1000,
  });
}

async function tellDrained(host: HostRun, drained: Promise<Drained>, recorder: Recorder): Promise<void> {
  await recorder.step("drain", host.name, async (voice) => {
    const { ms, left } = await drained;
    host.drainedMs = ms;
    if (left > 0)
      voice.note(
        `${left} connections still waited in the queue of ${host.plan.previous?.release ?? "what served before"} after drain.max`,
        "warning",
      );
    voice.summary(`queue empty after ${ms} ms`);
  });
}
