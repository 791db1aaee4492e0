import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import { servesWeb } from "../plan/roles.ts";
import { goesOn } from "../plan/rollout.ts";
import type { Attempt, LeftOut } from "./attempt-state.ts";
import type { HostRun } from "./hosts.ts";
import { hostResult } from "./outcome.ts";
import { unwind } from "./unwind.ts";

/**
 * Runs `act` on each host at once and waits for all, like `onAll`. Hosts that fail are taken back and left out, as long
 * as `rollout.max-failures` allows that; else the first error is thrown, and all hosts go back. Answers those that went on.
 */
export async function onMost<H extends HostRun, T>(
  state: Attempt,
  hosts: H[],
  act: (host: H) => Promise<T>,
  canary = false,
): Promise<{ host: H; value: T }[]> {
  const settled = await Promise.allSettled(hosts.map(act));
  const rows = settled.map((row, index) => ({ host: hosts[index] as H, row }));
  const done = rows.flatMap(({ host, row }) =>
    row.status === "fulfilled" ? { host, value: row.value } : [],
  );
  const failed = rows.flatMap(({ host, row }) =>
    row.status === "rejected" ? { host, error: asDeployError(row.reason) } : [],
  );
  const [first] = failed;
  if (!first) return done;
  const others = state.hosts
    .filter((host) => !failed.some((one) => one.host === host))
    .map(({ name }) => name);
  const goes = goesOn(state.context.config, {
    now: failed.map(({ host: { name: host }, error }) => ({ host, error })),
    before: state.left.length,
    left: others.filter((name) => servesWeb(state.context.config, name)),
    canary,
  });
  if (!goes) throw first.error;
  await Promise.all(failed.map(({ host, error }) => leaveOut(state, host, error)));
  return done;
}

/** Throws where the host can not be brought back: nobody knows what it serves, and that is no host to go on without. */
async function leaveOut(state: Attempt, host: HostRun, error: DeployError): Promise<void> {
  const { context, recorder, release } = state;
  const result = await unwind(state.activation, release ?? "", host, error, recorder);
  if (result === "partial") throw error;
  await host.session.request("clean", { keep: context.config.release.keep }).catch(() => {});
  state.hosts = state.hosts.filter((one) => one !== host);
  state.left.push({ error, result: hostResult(host, result, recorder) });
  noteLeft(state, host.name);
}

/** For beginOnHosts: whether the run goes on without hosts that it never reached. */
export function leaveUnreached(state: Attempt) {
  return (now: { host: string; error: DeployError }[], reached: string[]): boolean => {
    const { config } = state.context;
    const left = reached.filter((name) => servesWeb(config, name));
    if (!goesOn(config, { now, before: 0, left, canary: false })) return false;
    for (const { host, error } of now) {
      const result = { host, result: "kept-old" as const, release: null, proof: null, unreached: true };
      state.left.push({ error, result });
      noteLeft(state, host);
    }
    return true;
  };
}

function noteLeft({ recorder, context }: Attempt, host: string): void {
  const limit = context.config.rollout.maxFailures;
  recorder.note(`left out: the others go on without it (rollout.max-failures: ${limit})`, {
    host,
    level: "warning",
  });
}

/** What a run ends with that left hosts out: red, for the hosts differ. */
export function leftOutError([first, ...more]: [LeftOut, ...LeftOut[]]): DeployError {
  const names = [first, ...more].map(({ result }) => result.host).join(", ");
  const { host = first.result.host, step, at, output } = first.error.details;
  return new DeployError(
    "partial",
    ExitCode.partial,
    `${names} ${more.length === 0 ? "was" : "were"} left out: ${first.error.message}`,
    { host, ...(step ? { step } : {}), ...(at ? { at } : {}), ...(output ? { output } : {}) },
  );
}
