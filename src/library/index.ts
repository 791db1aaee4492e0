// The library's face: nothing is printed, no environment variable decides anything, nothing ends the process.
export { DeployError, type ErrorDetails, ExitCode } from "../errors.ts";
export type { Finding, FindingFix, LintResult } from "../lint/types.ts";
export type { PlanView, StatusView } from "../release/types.ts";
export type { Event, Report, RunResult } from "../report/event.ts";
export type { AskHostKey } from "../ssh/types.ts";
export { version } from "../version.ts";
export { RunError } from "./run-error.ts";
export type {
  DeployOptions,
  LintOptions,
  PlanOptions,
  ProjectOptions,
  RollbackOptions,
  RunOptions,
  SshOptions,
} from "./types.ts";
export { deploy, lint, plan, rollback, status } from "./verbs.ts";
