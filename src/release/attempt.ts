import { setTimeout as delay } from "node:timers/promises";
import { asDeployError, type DeployError } from "../errors.ts";
import { leaderOf } from "../plan/roles.ts";
import { rolloutBatches } from "../plan/rollout.ts";
import type { HostResult, RunResult } from "../report/event.ts";
import { redactError } from "../report/reporter.ts";
import { activate, finish, settle } from "./activate.ts";
import type { Activation, Attempt } from "./attempt-state.ts";
import { auditAll } from "./audit.ts";
import { newRunId } from "./begin.ts";
import { type HostRun, onAll } from "./hosts.ts";
import { leftOutError, onMost } from "./left-out.ts";
import { named, namedNotes } from "./named.ts";
import { finalError, hostResult, lostBehindProof, makeReport, overall, servedByAll } from "./outcome.ts";
import { lookOutside, requireOutside } from "./outside.ts";
import { processesOf, restartProcesses } from "./processes.ts";
import { createRecorder } from "./recorder.ts";
import type { Outcome, RunContext } from "./types.ts";
import { unwind } from "./unwind.ts";

/**
 * The frame of every verb that changes what serves: runs the body, and whatever happens takes a failure back, reports,
 * writes the audit line and frees the lock. Never throws: errors are outcomes.
 */
export async function attempt(
  context: RunContext,
  verb: "deploy" | "rollback",
  options: object,
  body: (attempt: Attempt) => Promise<RunResult>,
): Promise<Outcome> {
  const begun = performance.now();
  const recorder = createRecorder(namedNotes(context.emit, context.config), context.signal);
  const state: Attempt = {
    context,
    recorder,
    run: newRunId(),
    opened: [],
    hosts: [],
    left: [],
    release: null,
    revision: null,
    activation: null,
  };
  let results: HostResult[] = [];
  let failure: DeployError | null = null;
  const stop = () => {
    if (!recorder.committed) for (const host of state.hosts) host.session.cancel();
  };
  context.signal.addEventListener("abort", stop);
  try {
    const result = await body(state);
    failure = lostBehindProof(state.hosts);
    results = state.hosts.map((host) => hostResult(host, host.lost ? "partial" : result, recorder));
  } catch (thrown) {
    // What the hosts keep of it must hold no value either.
    const error = redactError(asDeployError(thrown), context.redact);
    failure = error;
    recorder.commit(); // going back is not given up when the run is cancelled
    const changed = state.hosts.filter((host) => host.switched || host.restarted.size > 0);
    if (changed.length > 1)
      recorder.note(`going back on ${changed.map(({ name }) => name).join(", ")}`, { level: "warning" });
    results = await onAll(state.hosts, async (host) => {
      const result = await unwind(state.activation, state.release ?? "", host, error, recorder);
      // Failed attempts must not fill the disk; the last one stays as evidence.
      await host.session.request("clean", { keep: context.config.release.keep }).catch(() => {});
      return hostResult(host, result, recorder);
    });
  } finally {
    context.signal.removeEventListener("abort", stop);
  }
  const went = failure === null;
  const [first, ...more] = state.left;
  if (went && first) failure = leftOutError([first, ...more]);
  results = inOrder(context, [...results, ...state.left.map((one) => one.result)]);
  const result = overall(
    results.map((one) => one.result),
    failure,
  );
  const previous = state.hosts.length === 0 ? null : leaderOf(context.config, state.hosts).plan.previous;
  const report = makeReport(context.config, recorder, {
    result,
    release: servedByAll(results) ?? (went ? state.release : (previous?.release ?? null)),
    previous: previous?.release ?? null,
    revision: state.revision,
    begun,
    hosts: results,
  });
  await auditAll(context, state.opened, {
    verb,
    run: state.run,
    release: state.release,
    report,
    error: failure,
    options: { ...options },
  });
  const error = finalError(failure, report);
  return { report, error: error && named(error, context.config) };
}

/** As djdeploy.yml has the hosts. */
function inOrder({ targets }: RunContext, results: HostResult[]): HostResult[] {
  return targets.flatMap(({ name }) => results.filter(({ host }) => host === name));
}

/**
 * The last two phases, the same for a new release and an old one: canaries first, then batch after batch, each proven
 * through its own front door before the next. A host without a web server is taken as live once its last process runs the
 * release. An error leaves the rest to `attempt`, which brings all of them back.
 */
export async function goLive(state: Attempt, activation: Activation): Promise<void> {
  const { context, recorder, hosts } = state;
  const { rollout } = context.config;
  state.activation = activation;
  recorder.phase("activate");
  const visited = hosts.filter((host) => host.plan.door.kind !== "none");
  const others = hosts.filter((host) => host.plan.door.kind === "none");
  const later = others.filter((host) => processesOf(activation, host, "after").length > 0);
  const live = async (host: HostRun) => {
    await activate(activation, host, recorder, context.actor);
    await requireOutside(activation, context, host, recorder);
  };
  await restartProcesses(activation, hosts, recorder, "before");
  await onAll(
    others.filter((host) => !later.includes(host)),
    live,
  );
  for (const [index, batch] of rolloutBatches(visited, rollout).entries()) {
    const canary = index === 0 && batch.length < visited.length && rollout.canary > 0;
    if (index > 0 && rollout.pauseMs > 0) {
      await recorder.step("pause", null, () => delay(rollout.pauseMs, undefined, { signal: context.signal }));
    }
    await onMost(state, batch, live, canary);
  }
  await restartProcesses(activation, state.hosts, recorder, "after");
  await onAll(later, live);
  recorder.phase("finish");
  const ended = new AbortController();
  const outside = state.hosts.map((host) => lookOutside(activation, context, host, recorder, ended.signal));
  try {
    await onMost(state, state.hosts, (host) => settle(activation, host, recorder));
    await onAll(state.hosts, (host) => finish(activation, host, recorder));
    await Promise.all(outside.map((told) => told()));
  } finally {
    ended.abort();
  }
}

/** The guards are passed: from here on the hosts are changed. For those who keep a record elsewhere. */
export function announce({ recorder, release, revision, hosts }: Attempt): void {
  const names = hosts.map((host) => host.name);
  recorder.emit({
    code: "release.start",
    level: "debug",
    message: `${release} to ${names.join(", ")}`,
    data: { release, revision, hosts: names },
  });
}
