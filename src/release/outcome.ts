import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostResult, Report, RunResult } from "../report/event.ts";
import type { HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";

/** The one word for a whole run, from its hosts and its error. */
export function overall(hosts: RunResult[], error: DeployError | null): RunResult {
  if (error?.exitCode === ExitCode.locked) return "locked";
  if (error?.exitCode === ExitCode.refused) return "refused";
  const first = hosts[0];
  if (first === undefined) return error ? "kept-old" : "unchanged";
  if (hosts.includes("partial")) return "partial";
  if (hosts.every((result) => result === first)) return first;
  return error ? (hosts.includes("reverted") ? "reverted" : "kept-old") : "deployed";
}

export function makeReport(
  config: Config,
  recorder: Recorder,
  parts: {
    result: RunResult;
    release: string | null;
    previous: string | null;
    revision: string | null;
    begun: number;
    hosts: HostResult[];
  },
): Report {
  return {
    result: parts.result,
    environment: config.environment,
    release: parts.release,
    previousRelease: parts.previous,
    revision: parts.revision,
    url: config.url,
    durationMs: Math.round(performance.now() - parts.begun),
    hosts: parts.hosts,
    steps: recorder.steps,
  };
}

export function hostResult(
  host: HostRun,
  result: RunResult,
  release: string,
  recorder: Pick<Recorder, "cutOn">,
): HostResult {
  const serving = ["deployed", "rolled-back", "unchanged"].includes(result)
    ? release
    : (host.plan.previous?.release ?? null);
  return { host: host.name, result, release: serving, proof: host.proof, cut: recorder.cutOn(host.name) };
}

/** Hosts that differ and could not be brought back make any error exit code 8. */
export function finalError(error: DeployError | null, result: RunResult): DeployError | null {
  if (!error || result !== "partial") return error;
  return new DeployError(
    "partial",
    ExitCode.partial,
    `${error.message}; the hosts could not be brought back`,
    {
      ...error.details,
      hint: "djdeploy status ENV shows what serves where",
    },
  );
}
