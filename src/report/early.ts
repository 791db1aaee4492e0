import { type DeployError, ExitCode } from "../errors.ts";
import type { Report, RunResult } from "./event.ts";

/** The report of a run that ended before the core could write one: nothing was touched. */
export function earlyReport(error: DeployError, environment: string): Report {
  return {
    result: resultOf(error),
    environment,
    release: null,
    previousRelease: null,
    revision: null,
    url: null,
    durationMs: 0,
    hosts: [],
    steps: [],
  };
}

function resultOf(error: DeployError): RunResult {
  switch (error.exitCode) {
    case ExitCode.usage:
    case ExitCode.refused:
      return "refused";
    case ExitCode.locked:
      return "locked";
    case ExitCode.partial:
      return "partial";
    default:
      return "failed";
  }
}
