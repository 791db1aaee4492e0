import { asDeployError, type DeployError } from "../errors.ts";
import { isFull } from "../host/full.ts";
import { livingRelease } from "../plan/host.ts";
import { askedAs, probeHost, probeRequest } from "../plan/request.ts";
import type { RunResult } from "../report/event.ts";
import type { Place, Slot } from "../services/types.ts";
import type { Activation } from "./attempt-state.ts";
import { takeoverOf } from "./doors/index.ts";
import type { HostRun, Proven } from "./hosts.ts";
import { processesBack, proveProcesses } from "./processes.ts";
import type { Recorder } from "./recorder.ts";
import { retire } from "./retire.ts";
import { proveServing } from "./slots.ts";

/**
 * Takes a failed run back on one host and says what serves now. Before the switch the idle slot is stopped; behind it
 * the traffic goes back to the old release, which is proven again. The failed release stays, marked, as evidence.
 */
export async function unwind(
  activation: Activation | null,
  release: string,
  host: HostRun,
  error: DeployError,
  recorder: Recorder,
): Promise<RunResult> {
  const { previous } = host.plan;
  const wasSwitched = host.switched;
  const kept: RunResult = previous ? "kept-old" : "failed";
  let moved = false;
  try {
    if (wasSwitched) moved = await switchBack(activation, release, host, recorder);
    else await processesBack(host, deadlineOf(activation), recorder);
  } catch (thrown) {
    tellSecond(asDeployError(thrown), host, recorder);
    const untouched = await whatStands(host);
    return wasSwitched || !untouched ? "partial" : kept;
  }
  await tidy(activation, release, host, error, recorder, wasSwitched);
  return moved && previous ? "reverted" : kept;
}

/** What decides what visitors get: the traffic, the processes, and the proof. Answers whether the traffic had moved. */
async function switchBack(
  activation: Activation | null,
  release: string,
  host: HostRun,
  recorder: Recorder,
): Promise<boolean> {
  const { previous, door } = host.plan;
  const takeover = takeoverOf(door);
  const moved = await takeover.back(release, host, recorder);
  host.switched = false;
  await processesBack(host, deadlineOf(activation), recorder);
  // On a port it would go on answering.
  if (!takeover.apart) await stopNew(activation, host, recorder, true);
  if (!previous) return moved;
  await recorder.step("prove-old", host.name, async (voice) => {
    if (door.kind === "none") {
      host.proof = await proveProcesses(host, previous.release, [...host.restarted]);
      return voice.summary(host.proof.text);
    }
    if (!activation) throw new Error("a switch without an activation");
    host.proof = await proveOld(activation, host, previous);
    voice.summary(host.proof.text);
  });
  return moved;
}

/**
 * The old release is asked as it was asked when it went live: by the name, scheme and page of its own. Where the web server
 * knows the site by its new name only, it has to be the one that answers there.
 */
async function proveOld(
  { config, healthHost }: Activation,
  host: HostRun,
  previous: { slot: Slot; release: string },
): Promise<Proven> {
  const own = askedAs(
    config,
    host.facts.releases.find(({ id }) => id === previous.release),
  );
  const name = probeHost(own, null);
  if (name !== healthHost) {
    const { release } = previous;
    const look = (as: string) =>
      host.session.request("look", {
        where: host.plan.front,
        release,
        request: probeRequest(as === name ? own : config, as, null),
      });
    const [before, now] = [await look(name), await look(healthHost)];
    if (before.release !== release && now.release === release)
      return {
        text: `it answers ${now.status} as ${healthHost}; as ${name} the front door does not lead to it any more`,
        mains: {},
      };
  }
  return await proveServing(own, host, { ...previous, healthHost: name, live: null });
}

/**
 * What visitors do not see: the new release is stopped and marked. The old one serves already, so that what goes wrong
 * here is a warning; the next run puts it right.
 */
async function tidy(
  activation: Activation | null,
  release: string,
  host: HostRun,
  error: DeployError,
  recorder: Recorder,
  wasSwitched: boolean,
): Promise<void> {
  const { previous, door } = host.plan;
  const orNote = (act: () => Promise<unknown>) =>
    act().catch((thrown) =>
      recorder.note(`what is left of ${release} was not cleared: ${asDeployError(thrown).message}`, {
        host: host.name,
        level: "warning",
      }),
    );
  await orNote(async () => {
    if (!wasSwitched || takeoverOf(door).apart) await stopNew(activation, host, recorder, wasSwitched);
  });
  await orNote(async () => {
    // The reason of a release that failed is worth more than its files, which may be what filled the disk.
    const full = isFull(`${error.message}\n${error.details.output ?? ""}\n${error.details.hint ?? ""}`);
    if (full && host.prepared) await host.session.request("give-up", { release });
    // On a host that was proven before another one failed, the new release stands written down as live already.
    if (wasSwitched && previous)
      await host.session.request("update", { release: previous.release, changes: { state: "live" } });
    if (wasSwitched || host.prepared) await mark(host, release, error);
  });
}

function tellSecond(second: DeployError, host: HostRun, recorder: Recorder): void {
  recorder.emit({
    code: "note",
    level: "error",
    host: host.name,
    message: `going back failed too: ${second.message}`,
    data: { error: second.code, ...second.details, cause: undefined },
  });
}

/**
 * Going back ended in an error: what the host serves is asked for. True when neither its link nor one of its processes
 * was moved, so that all of the old release runs. Never throws.
 */
async function whatStands(host: HostRun): Promise<boolean> {
  const { previous } = host.plan;
  host.proof = null;
  const facts = await host.session.request("facts").catch(() => null);
  if (facts === null) return false;
  host.serving = livingRelease(facts)?.release ?? null;
  const runs = (name: string) => facts.processes?.[name]?.runs ?? null;
  return (
    host.serving === (previous?.release ?? null) &&
    [...host.restarted].every((name) => runs(name) === host.serving)
  );
}

function deadlineOf(activation: Activation | null): number {
  return activation?.config.health.deadlineMs ?? 60_000;
}

/** Stops the new release wherever it was started: gracefully where visitors could reach it. */
async function stopNew(activation: Activation | null, host: HostRun, recorder: Recorder, switched: boolean) {
  const { plan, name, session } = host;
  const { config, release = null } = activation ?? {};
  const started = await begun(host);
  if (started.length === 0) return;
  await recorder.step("stop-new", name, async () => {
    for (const slot of started) {
      const reached = slot === plan.slot && (switched || plan.stage !== plan.slot);
      if (!reached || !config) await session.request("retire", { slot, unseen: true });
      else {
        const ending = { host, step: "stop-new", slot, release, next: null, patienceMs: config.drain.maxMs };
        await retire(config, ending, recorder);
      }
    }
  });
}

async function begun({ started }: HostRun): Promise<Place[]> {
  const places: Place[] = [];
  for (const [place, was] of started) if (await was) places.push(place);
  return places;
}

async function mark(host: HostRun, release: string, error: DeployError): Promise<void> {
  // A release that was good before (rollback) stays what it was: that it does not start today has another cause.
  if (!host.prepared) {
    await host.session.request("update", { release, changes: { state: "superseded" } });
    return;
  }
  await host.session.request("update", {
    release,
    changes: { state: "failed", reason: `${error.details.step ?? error.code}: ${error.message}` },
  });
}
