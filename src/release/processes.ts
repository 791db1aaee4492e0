import { DeployError, ExitCode } from "../errors.ts";
import type { Asked } from "../host/session.ts";
import type { Restarted } from "../host/types.ts";
import type { Activation } from "./attempt-state.ts";
import { causeHint } from "./causes/index.ts";
import { type HostRun, onAll, type Proven } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import { survivorsText, tail } from "./slots.ts";

/**
 * Takes the workers and schedulers of all hosts to the release, those of one turn: `before` the web is switched or
 * `after`. On every host what does not belong there is stopped first, so that a singleton never runs twice.
 */
export async function restartProcesses(
  activation: Activation,
  hosts: HostRun[],
  recorder: Recorder,
  turn: "before" | "after",
): Promise<void> {
  if (turn === "before") {
    await onAll(hosts, (host) => haltForeign(host, recorder));
  }
  await onAll(hosts, async (host) => {
    const processes = processesOf(activation, host, turn);
    if (processes.length === 0) return;
    await recorder.step("processes", host.name, async (voice) => {
      for (const { name } of processes) host.restarted.add(name);
      const rows = await restart(host, activation.release, processes, activation.config.health.deadlineMs);
      for (const { name, ended = [] } of rows)
        if (ended.length > 0)
          voice.note(`${name} was stopped, and process ${ended.join(", ")} of it went on: ended`, "warning");
      const failed = rows.find((row) => !row.ok);
      if (failed) throw processError(host, failed);
      for (const { name, pid } of rows) if (pid) host.mains[name] = pid;
      for (const row of rows.filter((one) => one.skipped))
        voice.note(`${row.name} is not part of this release: stopped`, "warning");
      voice.summary(rows.map((row) => `${row.name}: ${times(row)}`).join("; "));
    });
  });
}

/** The processes of a host whose turn it is; a rollback takes them the other way round. */
export function processesOf({ backwards }: Activation, host: HostRun, turn: "before" | "after") {
  return host.plan.processes.run.filter(({ order }) => (order === turn) !== backwards);
}

function times({ skipped, stopMs, startMs }: Restarted): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return skipped ? "stopped" : `stopped in ${seconds(stopMs)}, up in ${seconds(startMs ?? 0)}`;
}

async function haltForeign(host: HostRun, recorder: Recorder): Promise<void> {
  const { halt } = host.plan.processes;
  if (halt.length === 0) return;
  await recorder.step("halt", host.name, async (voice) => {
    for (const name of halt) host.restarted.add(name);
    await host.session.request("halt", { names: halt });
    voice.summary(`${halt.join(", ")}: not to run here`);
  });
}

function restart(
  host: HostRun,
  release: string,
  processes: { name: string; minUptimeMs: number; stopTimeoutMs?: number }[],
  deadlineMs: number,
): Promise<Restarted[]> {
  return host.session.request("processes", {
    release,
    processes: processes.map(({ name, minUptimeMs, stopTimeoutMs }) => ({
      name,
      uptime: minUptimeMs / 1000,
      ...(stopTimeoutMs === undefined ? {} : { patience: stopTimeoutMs / 1000 }),
    })),
    deadline: deadlineMs / 1000,
  });
}

function processError(host: HostRun, { name, problem, log = "" }: Restarted): DeployError {
  return new DeployError(
    "process.failed",
    ExitCode.failed,
    `${name} of the release does not run on ${host.name}: ${problem}`,
    {
      host: host.name,
      expected: `a process that stays up for processes.${name}.min-uptime`,
      output: tail(log),
      hint: causeHint(log) ?? `djdeploy logs ENV ${name} shows more`,
    },
  );
}

/** The proof of a host without a web server: those of its processes that the release has work in its folder. */
export function askProcesses(
  to: Asked,
  host: HostRun,
  release: string,
  names: string[] = host.plan.processes.run.map(({ name }) => name),
): () => Promise<Proven> {
  const asked = runIt(to, release, names);
  return async () => {
    const { rows, survivors } = await asked;
    const problem = rows.find((row) => row.problem !== null)?.problem ?? survivorsText({ survivors })[0];
    if (!problem)
      return {
        text: rows.length > 0 ? processesText(rows) : "no process is to run here",
        mains: Object.fromEntries(rows.map(({ name, pid }) => [name, pid])),
      };
    throw new DeployError(
      "proof.failed",
      ExitCode.failed,
      `${host.name} does not run ${release}: ${problem}`,
      {
        host: host.name,
        expected: `${names.join(", ")} of ${release}, and nothing of another release`,
        seen: problem,
      },
    );
  };
}

/** Waits whether what the manager started anew stays up this time. Throws where it does not. */
export async function startedAnew(
  host: HostRun,
  release: string,
  names: string[],
  deadlineMs: number,
): Promise<void> {
  const { run } = host.plan.processes;
  const rows = await restart(
    host,
    release,
    run.filter(({ name }) => names.includes(name)),
    deadlineMs,
  );
  const failed = rows.find((row) => !row.ok);
  if (failed) throw processError(host, failed);
}

export function proveProcesses(host: HostRun, release: string, names?: string[]): Promise<Proven> {
  return askProcesses(host.session, host, release, names)();
}

/** What the agent says of the processes of a release; those that it does not have are left out. */
export function runIt(to: Asked, release: string, names: string[]) {
  return to.request("run-it", { release, names });
}

/** `worker runs in its folder as process 812`. */
export function processesText(rows: { name: string; pid: number }[]): string {
  return `${rows.map(({ name, pid }) => `${name} (process ${pid})`).join(", ")} ${rows.length === 1 ? "works" : "work"} in its folder`;
}

/** After a failure: what this run stopped or restarted runs the release before again, or ends where there was none. */
export async function processesBack(host: HostRun, deadlineMs: number, recorder: Recorder): Promise<void> {
  const names = [...host.restarted];
  if (names.length === 0) return;
  const { previous } = host.plan;
  await recorder.step("processes-back", host.name, async (voice) => {
    if (!previous) {
      await host.session.request("halt", { names });
      voice.summary(`${names.join(", ")}: stopped`);
      return;
    }
    const wanted = names.map((name) => ({
      name,
      minUptimeMs: host.plan.processes.run.find((one) => one.name === name)?.minUptimeMs ?? 0,
    }));
    const rows = await restart(host, previous.release, wanted, deadlineMs);
    const failed = rows.find((row) => !row.ok);
    if (failed) throw processError(host, failed);
    voice.summary(`${names.join(", ")}: ${previous.release} again`);
  });
}
