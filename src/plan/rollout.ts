import type { Config } from "../config/types.ts";
import { type DeployError, ExitCode } from "../errors.ts";
import { processesOn } from "./processes.ts";
import { servesWeb } from "./roles.ts";

/**
 * The order in which hosts are switched: first the canaries, then batches of a share of all hosts, rounded up.
 * Hosts keep their order in djdeploy.yml. One host is one batch. Pure.
 */
export function rolloutBatches<H>(hosts: H[], rollout: Pick<Config["rollout"], "canary" | "batch">): H[][] {
  const canaries = hosts.length > 1 ? hosts.slice(0, rollout.canary) : [];
  const rest = hosts.slice(canaries.length);
  const share = Number.parseInt(rollout.batch, 10) / 100;
  const size = Math.max(1, Math.ceil(hosts.length * share));
  const batches = canaries.length > 0 ? [canaries] : [];
  for (let at = 0; at < rest.length; at += size) batches.push(rest.slice(at, at + size));
  return batches;
}

/**
 * Why a failure of this host always ends the run, whatever `rollout.max-failures` says; null where others can stand in
 * for it. A worker that stays on the old release would take the tasks of newer pages. Pure.
 */
export function mayNotFail(config: Config, host: string): string | null {
  if (!servesWeb(config, host)) return "it serves no web";
  const names = processesOn(config, host).map(({ name }) => name);
  return names.length === 0 ? null : `it runs ${names.join(", ")}, whose tasks come from newer pages`;
}

/** What a rollout knows when hosts have failed. */
export interface Failures {
  /** Those that failed now. */
  now: { host: string; error: DeployError }[];
  /** How many were left out before. */
  before: number;
  /** The hosts that serve the web and go on. */
  left: string[];
  /** They were the canaries: to fail is what they are for. */
  canary: boolean;
}

/**
 * Whether a rollout goes on without the hosts that failed: at most `rollout.max-failures` of them, none that others can
 * not stand in for, no canary, and only for a reason of that host's own. What a person has to mend (configuration, a key,
 * a guard) and a cancelled run end it always. Pure.
 */
export function goesOn(config: Config, { now, before, left, canary }: Failures): boolean {
  if (canary || left.length === 0 || before + now.length > config.rollout.maxFailures) return false;
  return now.every(({ host, error }) => mayNotFail(config, host) === null && isItsOwn(error));
}

const unreachable = ["ssh.refused", "ssh.timeout", "ssh.no-route", "ssh.closed-early"];

function isItsOwn({ code, exitCode }: DeployError): boolean {
  return exitCode === ExitCode.failed ? code !== "cancelled" : unreachable.includes(code);
}
