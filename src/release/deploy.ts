import { releaseId } from "../host/layout.ts";
import { configurationFingerprint } from "../plan/fingerprint.ts";
import { requireReady, requireSharedDatabase } from "../plan/guards.ts";
import { planHost } from "../plan/host.ts";
import { requireMemory, shortMemory } from "../plan/memory.ts";
import { leaderOf } from "../plan/roles.ts";
import { serverOf } from "../plan/server.ts";
import type { HostPlan } from "../plan/types.ts";
import { announce, attempt, goLive } from "./attempt.ts";
import type { Activation, Attempt } from "./attempt-state.ts";
import { type Beginning, type Begun, beginOnHosts, opener } from "./begin.ts";
import { earlySessions } from "./early.ts";
import { type Guarded, guard, isBrief } from "./guard.ts";
import { requireHistory } from "./history.ts";
import { type HostRun, newHostRun, onAll } from "./hosts.ts";
import { leaveUnreached, onMost } from "./left-out.ts";
import { migrate } from "./migrate.ts";
import { requireOwner, setupNote } from "./owner.ts";
import { prepare, type ReleaseRun } from "./prepare/index.ts";
import type { Recorder } from "./recorder.ts";
import { recover } from "./recover.ts";
import type { DeployOptions, Outcome, RunContext } from "./types.ts";
import { unchanged } from "./unchanged.ts";
import { givenFor } from "./values.ts";

/** Takes one revision to all hosts of an environment and proves that it serves. Never throws: errors are outcomes. */
export async function deploy(context: RunContext, options: DeployOptions): Promise<Outcome> {
  const { config } = context;
  return attempt(context, "deploy", options, async (state) => {
    const { recorder, run } = state;
    recorder.phase("guard");
    const beginning: Beginning = {
      run,
      who: {
        verb: "deploy",
        get revision() {
          return state.revision;
        },
      },
      wait: options.wait,
      base: true,
      without: leaveUnreached(state),
    };
    const sessions = earlySessions(context, opener(recorder, beginning));
    if (isBrief(config, options)) sessions.begin();
    let guarded: Guarded;
    try {
      guarded = await guard(context, options, recorder);
      state.revision = guarded.project.revision.sha;
      state.opened = await beginOnHosts(context, recorder, { ...beginning, sessions });
    } finally {
      await sessions.close();
    }
    const { sha } = guarded.project.revision;
    const hosts = await onAll(state.opened, (host) =>
      planOne(context, options, guarded, host, run, recorder),
    );
    state.hosts = hosts;
    noteSkew(hosts, recorder);
    state.release = releaseId(new Date(), sha);
    const releaseRun = describeRun(context, options, guarded, run, state.release, recorder);
    if (options.force === null) {
      const same = await onAll(hosts, (host) => unchanged(releaseRun, host, recorder));
      if (same.every(Boolean)) {
        state.release = hosts[0]?.plan.previous?.release ?? null;
        return "unchanged";
      }
    }
    announce(state);
    await goLive(state, await prepareAll(state, releaseRun, hosts));
    await endHold(context, state.hosts, recorder);
    return "deployed";
  });
}

async function planOne(
  context: RunContext,
  options: DeployOptions,
  guarded: Guarded,
  host: Begun,
  run: string,
  recorder: Recorder,
): Promise<HostRun<HostPlan>> {
  const { config } = context;
  const bytes = guarded.files.reduce((sum, file) => sum + file.size, 0);
  requireReady(config, host.name, host.facts, bytes);
  requireOwner(config, guarded.project.repository, host.name, host.facts);
  const stale = setupNote(config, host.name, host.facts);
  if (stale !== null) recorder.note(stale, { host: host.name, level: "warning" });
  const facts = await recover(context, host, run, recorder);
  await requireHistory(context, guarded.project, { name: host.name, facts }, options.force, recorder);
  const plan = planHost(config, guarded.project, guarded.hashes, host.name, facts);
  const short = shortMemory(plan.workers, serverOf(config, guarded.project), facts);
  const said = requireMemory(host.name, short, options.force);
  if (said !== null) recorder.note(said, { host: host.name, level: "warning" });
  return newHostRun(host, plan);
}

/** A person's deploy ends the hold that a rollback began. Never fails the release: it is live. */
async function endHold({ trigger, actor }: RunContext, hosts: HostRun[], recorder: Recorder): Promise<void> {
  if (trigger && !trigger.manual) return;
  for (const { name, facts, session } of hosts) {
    if (!facts.hold) continue;
    const ended = await session.request("hold", { hold: null, by: actor }).catch(() => null);
    recorder.note(
      ended ? "pushes may deploy again" : "the hold could not be ended: djdeploy hold ENV --off",
      {
        host: name,
        level: ended ? "info" : "warning",
      },
    );
  }
}

function describeRun(
  context: RunContext,
  options: DeployOptions,
  guarded: Guarded,
  run: string,
  release: string,
  recorder: Recorder,
): ReleaseRun {
  const { config } = context;
  const { project } = guarded;
  const configuration = configurationFingerprint(config, project);
  const given = givenFor(context, recorder);
  return {
    run,
    release,
    config,
    project,
    files: guarded.files,
    filesDigest: guarded.digest,
    parcels: new Map(),
    configuration,
    manifest: {
      id: release,
      revision: project.revision.sha,
      actor: context.actor,
      createdAt: new Date().toISOString(),
      environment: config.environment,
      subject: project.revision.subject,
      ref: project.revision.ref,
      branch: project.revision.branch,
      runUrl: context.runUrl,
      run,
      files: guarded.digest,
      configuration,
    },
    values: given.secrets,
    installValues: given.install,
    force: options.force,
    linted: guarded.linted,
  };
}

/** Prepare and migrate, on all hosts behind one barrier; answers what activation needs to know. */
async function prepareAll(state: Attempt, run: ReleaseRun, hosts: HostRun<HostPlan>[]): Promise<Activation> {
  const { context, recorder } = state;
  recorder.phase("prepare");
  const prepared = await onMost(state, hosts, (host) => prepare(run, host, recorder));
  recorder.phase("migrate");
  if (hosts.length > 1) requireSharedDatabase(prepared.map(({ value }) => value.inspection));
  const { host: first, value: answer } = leaderOf(
    context.config,
    prepared.map((one) => ({ ...one, name: one.host.name })),
  );
  await migrate(run, first, answer.inspection, recorder);
  return {
    run: run.run,
    release: run.release,
    config: context.config,
    healthHost: answer.healthHost,
    liveStatus: answer.seen?.status ?? null,
    backwards: false,
  };
}

/** Hosts that differ before anything is touched: said, and ended by this deploy. */
function noteSkew(hosts: HostRun[], recorder: Recorder): void {
  const live = hosts.map((host) => host.plan.previous?.release ?? "nothing");
  if (new Set(live).size < 2) return;
  const each = hosts.map((host, index) => `${host.name} ${live[index]}`).join(", ");
  recorder.note(`the hosts do not serve the same release now: ${each}`, { level: "warning" });
}
