import { setTimeout as delay } from "node:timers/promises";
import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { Activation } from "./attempt-state.ts";
import type { HostRun, Mains } from "./hosts.ts";
import { askProcesses, runIt, startedAnew } from "./processes.ts";
import type { StepVoice } from "./recorder.ts";
import { notServing, proveServing } from "./slots.ts";

/** The errors that say that the release is dead; everything else was seen behind a proof. */
export const dead = ["proof.failed", "front.failed", "process.failed"];

/** What was started anew has to live as long as what ended may have lived, in ms at most. */
const longestWatch = 15_000;

/**
 * Asks whether what was proven still runs, the slot and the other processes; what it gives waits for that and says it.
 * Nobody is asked for a page: a busy site may let a question wait for long. But a manager starts anew what dies, and what
 * dies again and again runs at each look: where a main process is not the one that was proven, it is proven once more, and
 * has to stay.
 */
export function askWhetherAlive(activation: Activation, host: HostRun): (voice: StepVoice) => Promise<void> {
  const asked = askMains(activation, host);
  return async (voice) => {
    const anew = takeMains(host, await asked());
    if (anew.length === 0) return voice.summary("it still runs");
    await proveAnew(activation, host, anew);
    await delay(Math.min(performance.now() - host.provenAt, longestWatch));
    const again = takeMains(host, await askMains(activation, host)());
    if (again.length > 0) throw ended(host, activation.release, again[0]!, "it ends again and again");
    const names = anew.map((place) => (place === host.plan.slot ? `slot ${place}` : place)).join(", ");
    voice.note(`${names} ended after it was proven and was started anew; it was proven once more`, "warning");
    voice.summary(host.proof?.text ?? "");
  };
}

/** The main processes as they are now; what it gives throws where something does not run. */
function askMains(activation: Activation, host: HostRun): () => Promise<Mains> {
  const { release } = activation;
  if (host.plan.door.kind === "none") {
    const proof = askProcesses(host.session, host, release);
    return async () => {
      host.proof = await proof();
      return host.proof.mains;
    };
  }
  const { slot } = host.plan;
  const names = host.plan.processes.run.map(({ name }) => name);
  const web = host.session.request("alive", { release, slot });
  const beside = names.length > 0 ? runIt(host.session, release, names) : null;
  return async () => {
    const [proof, others] = await Promise.all([web, beside]);
    if (!proof.ok) throw notServing(host, { release, slot }, proof);
    // What the old release still runs is no matter here: its web server ends later.
    const rows = others?.rows ?? [];
    const gone = rows.find((row) => row.problem !== null);
    if (gone) throw ended(host, release, gone.name, gone.problem ?? "it does not run");
    return { [slot]: proof.main, ...Object.fromEntries(rows.map(({ name, pid }) => [name, pid])) };
  };
}

/** Takes them as those that are proven; gives the places where that is another one than it was. */
function takeMains(host: HostRun, now: Mains): string[] {
  const other = Object.keys(now).filter((place) => now[place] !== host.mains[place]);
  Object.assign(host.mains, now);
  return other;
}

async function proveAnew(activation: Activation, host: HostRun, places: string[]): Promise<void> {
  const { config, release, healthHost, liveStatus } = activation;
  const { slot } = host.plan;
  const names = places.filter((place) => place !== slot);
  if (names.length > 0) await startedAnew(host, release, names, config.health.deadlineMs);
  if (!places.includes(slot)) return;
  const served = { release, slot, healthHost, live: liveStatus };
  host.proof = await proveServing(config, host, served).catch((thrown) => {
    const error = asDeployError(thrown);
    if (!dead.includes(error.code)) throw thrown;
    const problem = `its main process ended after it was proven, and what was started in its place is not well (${error.details.seen})`;
    throw notServing(host, served, { problem });
  });
}

function ended(host: HostRun, release: string, place: string, problem: string): DeployError {
  const web = place === host.plan.slot;
  const message = `${host.name} does not run ${release}: ${place}, which was proven, has ended: ${problem}`;
  return new DeployError(web ? "proof.failed" : "process.failed", ExitCode.failed, message, {
    host: host.name,
    seen: problem,
    hint: `djdeploy logs ENV${web ? "" : ` ${place}`} shows what it said last`,
  });
}
