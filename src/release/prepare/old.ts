import type { Manifest, Seen } from "../../host/types.ts";
import { askedAs } from "../../plan/request.ts";
import { listenOn } from "../../services/servers/index.ts";
import { type ChainedStep, inOneGo } from "../chain.ts";
import { lookAtFront } from "../front.ts";
import type { HostRun } from "../hosts.ts";
import { askInspection } from "../inspection.ts";
import { judgeInspection } from "../live-check.ts";
import type { Recorder } from "../recorder.ts";
import { judgeSchema, requireVenv } from "../rollback-guards.ts";
import { askBoot, askStart } from "../slots.ts";
import type { RollbackOptions, RunContext } from "../types.ts";
import { givenFor } from "../values.ts";
import { placeText } from "./boot.ts";

/** A release that the hosts have already, and the run that goes back to it. */
export interface OldRelease {
  context: RunContext;
  options: RollbackOptions;
  target: Manifest;
  run: string;
}

/**
 * Boots a release that is on the host already on its private socket, in one round trip; answers what visitors got
 * before.
 */
export async function prepareOld(old: OldRelease, host: HostRun, recorder: Recorder): Promise<Seen | null> {
  const { context, options, target } = old;
  requireVenv(host, target);
  let seen: Seen | null = null;
  await inOneGo(host.session, [
    lookAtFront(askedAs(context.config, target), host, recorder, (found) => {
      seen = found;
    }),
    ...(options.env === "current" ? [renewEnvironment(old, host, recorder)] : []),
    start(old, host, recorder),
    boot(old, host, recorder),
  ]);
  return seen;
}

/** Vars come from the release, secrets and host values from now. */
function renewEnvironment(
  { context, target, run }: OldRelease,
  host: HostRun,
  recorder: Recorder,
): ChainedStep {
  const { secrets } = givenFor(context, recorder);
  return (to) => {
    const version = `${target.id}.${run}`;
    const written = to.request("env", {
      version,
      required: [],
      varsOf: target.id,
      given: secrets,
      write: true,
    });
    const launched = to.request("launch", { release: target.id, spec: { env: version } });
    return () =>
      recorder.step("environment", host.name, async (voice) => {
        const { names } = await written;
        await launched;
        voice.summary(`${names.length} variables, secrets as they are now`);
      });
  };
}

/** It starts while its settings and database are asked: both were good once, and going back is urgent. */
function start(
  { context, options, target, run }: OldRelease,
  host: HostRun,
  recorder: Recorder,
): ChainedStep {
  const { config } = context;
  return (to) => {
    const launched = to.request("launch", { release: target.id, spec: { listen: listenOn(host.plan.door) } });
    const started = host.plan.door.kind === "none" ? null : askStart(to, host, target.id);
    const asked = askInspection(to, {
      run,
      site: config.release.path,
      release: target.id,
      collect: "no",
      aliases: config.database.aliases,
      message: `the check of ${target.id} on ${host.name} did not run`,
    });
    return () =>
      recorder.step("check", host.name, async (voice) => {
        await launched;
        await started;
        const { inspection, output } = await asked(voice);
        if (inspection.failure) {
          const { error } = judgeInspection(config, host.name, inspection, output);
          if (error) throw error;
        }
        judgeSchema(options, target.id, host.name, inspection, voice.note);
        voice.summary(`Django ${inspection.django}, settings and database answer`);
      });
  };
}

function boot({ context, target }: OldRelease, host: HostRun, recorder: Recorder): ChainedStep {
  if (host.plan.door.kind === "none") return () => async () => {};
  return (to) => {
    const booted = askBoot(
      to,
      askedAs(context.config, target),
      host,
      target.id,
      target.healthHost ?? "localhost",
    );
    return () =>
      recorder.step("boot", host.name, async (voice) => {
        await booted();
        voice.summary(`${placeText(host)}, workers answer`);
      });
  };
}
