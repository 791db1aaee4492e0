import { asDeployError, type DeployError } from "../errors.ts";
import type { RunResult } from "../report/event.ts";
import type { Activation } from "./activate.ts";
import { takeoverOf } from "./doors/index.ts";
import type { HostRun } from "./hosts.ts";
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
  const takeover = takeoverOf(host.plan.door);
  const wasSwitched = host.switched || host.restarted.size > 0;
  const back = () => processesBack(host, activation?.config.health.deadlineMs ?? 60_000, recorder);
  try {
    if (!host.switched) {
      await back();
      if (host.started.size > 0) await stopNew(activation, host, recorder, false);
      if (host.prepared) await mark(host, release, error);
      return previous ? "kept-old" : "failed";
    }
    await takeover.back(release, host, recorder);
    host.switched = false;
    await back();
    if ((!previous || !takeover.apart) && host.started.size > 0)
      await stopNew(activation, host, recorder, true);
    if (!previous) {
      await mark(host, release, error);
      return "failed";
    }
    await recorder.step("prove-old", host.name, async (voice) => {
      if (host.plan.door.kind === "none") {
        host.proof = await proveProcesses(host, previous.release, [...host.restarted]);
        return voice.summary(host.proof);
      }
      const healthHost = activation?.healthHost ?? "localhost";
      const config = activation?.config;
      if (!config) throw new Error("a switch without an activation");
      host.proof = await proveServing(config, host, { ...previous, healthHost, live: null });
      voice.summary(host.proof);
    });
    if (takeover.apart) await stopNew(activation, host, recorder, true);
    // On a host that was proven before another one failed, the new release stands written down as live already.
    await host.session.request("update", { release: previous.release, changes: { state: "live" } });
    await mark(host, release, error);
    return "reverted";
  } catch (thrown) {
    const second = asDeployError(thrown);
    recorder.emit({
      code: "error",
      level: "error",
      host: host.name,
      message: `going back failed too: ${second.message}`,
      data: { error: second.code, ...second.details, cause: undefined },
    });
    return wasSwitched ? "partial" : previous ? "kept-old" : "failed";
  }
}

/** Stops the new release wherever it was started: gracefully where visitors could reach it. */
async function stopNew(activation: Activation | null, host: HostRun, recorder: Recorder, switched: boolean) {
  const { plan, name, session, started } = host;
  const { config, release = null } = activation ?? {};
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
