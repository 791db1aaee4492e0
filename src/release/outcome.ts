import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostResult, Report, RunResult } from "../report/event.ts";
import { servesNow, succeeded } from "../report/text.ts";
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
  if (hosts.some(succeeded)) return "partial";
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
    ...(recorder.warnings.length > 0 ? { warnings: [...new Set(recorder.warnings)] } : {}),
  };
}

export function hostResult(host: HostRun, result: RunResult, recorder: Pick<Recorder, "cutOn">): HostResult {
  return {
    host: host.name,
    result,
    release: host.serving,
    proof: host.proof?.text ?? null,
    cut: recorder.cutOn(host.name),
  };
}

/** The release that every host serves; null where they differ, nothing serves or it is not known. */
export function servedByAll(hosts: HostResult[]): string | null {
  const [first, ...rest] = hosts.map(({ release }) => release);
  return first !== undefined && rest.every((release) => release === first) ? first : null;
}

/** Hosts that were proven and then could not be reached: the release is live, and that is no success. */
export function lostBehindProof(hosts: HostRun[]): DeployError | null {
  const lost = hosts.filter((host) => host.lost);
  const [first] = lost;
  if (!first?.lost) return null;
  const names = lost.map(({ name }) => name).join(", ");
  return new DeployError(
    "partial",
    ExitCode.partial,
    `${first.serving} was proven on every host, and then the connection to ${names} was lost`,
    { ...first.lost.details, host: first.name },
  );
}

/** Hosts that differ and could not be brought back make any error exit code 8. */
export function finalError(error: DeployError | null, { result, hosts }: Report): DeployError | null {
  if (!error || result !== "partial") return error;
  const stuck = hosts.filter((host) => host.result === "partial").map(({ host }) => host);
  const message =
    error.exitCode === ExitCode.partial
      ? error.message
      : `${error.message}; ${stuck.join(", ")} could not be brought back`;
  return new DeployError("partial", ExitCode.partial, message, {
    ...error.details,
    seen: hosts.map(servesNow).join("; "),
    hint: "djdeploy status ENV shows what serves where; the next deploy brings all hosts to one release",
  });
}
