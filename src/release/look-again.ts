import { asDeployError } from "../errors.ts";
import type { Activation } from "./attempt-state.ts";
import type { HostRun, Proven } from "./hosts.ts";
import { askProcesses, startedAnew } from "./processes.ts";
import type { StepVoice } from "./recorder.ts";
import { notServing, proveServing } from "./slots.ts";

type Told = (voice: StepVoice) => Promise<void>;

/** The errors that say that the release is dead; everything else was seen behind a proof. */
export const dead = ["proof.failed", "front.failed", "process.failed"];

/**
 * Asks whether what was proven still runs; what it gives waits for that and says it. Nobody is asked for a page: a busy site
 * may let a question wait for long. But a manager starts anew what dies, and what dies again and again runs at each look:
 * where the main process is not the one that was proven, the release is proven once more.
 */
export function askWhetherAlive(activation: Activation, host: HostRun): Told {
  return host.plan.door.kind === "none" ? processesAlive(activation, host) : slotAlive(activation, host);
}

function slotAlive({ config, release, healthHost, liveStatus }: Activation, host: HostRun): Told {
  const { slot } = host.plan;
  const asked = host.session.request("alive", { release, slot });
  return async (voice) => {
    const proof = await asked;
    if (!proof.ok) throw notServing(host, { release, slot }, proof);
    if (changed(host.proof, { [slot]: proof.main }).length === 0) return voice.summary("it still runs");
    const served = { release, slot, healthHost, live: liveStatus };
    host.proof = await proveServing(config, host, served).catch((thrown) => {
      const error = asDeployError(thrown);
      if (!dead.includes(error.code)) throw thrown;
      const problem = `its main process ended after it was proven, and what was started in its place is not well (${error.details.seen})`;
      throw notServing(host, served, { problem });
    });
    tellAnew(voice, `slot ${slot}`, host.proof);
  };
}

function processesAlive({ release, config }: Activation, host: HostRun): Told {
  const asked = askProcesses(host.session, host, release);
  return async (voice) => {
    const seen = await asked();
    const anew = changed(host.proof, seen.mains);
    host.proof = seen;
    if (anew.length === 0) return voice.summary("it still runs");
    await startedAnew(host, release, anew, config.health.deadlineMs);
    host.proof = await askProcesses(host.session, host, release)();
    tellAnew(voice, anew.join(", "), host.proof);
  };
}

/** The places whose main process is another one than it was. */
function changed(before: Proven | null, now: Proven["mains"]): string[] {
  return Object.keys(now).filter((place) => now[place] !== before?.mains[place]);
}

function tellAnew(voice: StepVoice, what: string, { text }: Proven): void {
  voice.note(`${what} ended after it was proven and was started anew; it was proven once more`, "warning");
  voice.summary(text);
}
