import type { Config } from "../../config/types.ts";
import type { Client } from "../../github/client.ts";
import type { LintResult } from "../../lint/types.ts";
import type { PlanView, ReleaseView } from "../../release/types.ts";
import type { Report } from "../../report/event.ts";
import type { Redact } from "../../report/redact.ts";
import type { Ending, Reporter, Write } from "../../report/reporter.ts";
import type { GithubRun } from "../github.ts";
import type { Inputs } from "../inputs.ts";
import type { Lap } from "../summary-gantt.ts";
import type { Said } from "../summary-run.ts";

/** Everything a command of the action may use. */
export interface Task {
  inputs: Inputs;
  config: Config;
  values: Record<string, string>;
  github: GithubRun;
  /** The API of the repository; null without a token. */
  client: Client | null;
  reporter: Reporter;
  /** Text to the log, redacted on its way. */
  write: Write;
  redact: Redact;
  hide: (values: string[]) => void;
  signal: AbortSignal;
}

/** What a command came to. */
export interface Done {
  ending: Ending;
  /** Only of deploy and rollback. */
  report: Report | null;
  /** Findings at or above the fail level; null = not judged. */
  findings: number | null;
  plan: PlanView | null;
  lint: LintResult | null;
  /** Only of build: the hash of build.artifact. */
  artifactSha256: string | null;
  /** What the steps had to say, for the summary. */
  said: Said[];
  /** When the steps ran. */
  timeline: Lap[];
  /** After a rollback: what else it could go to. */
  releases: ReleaseView[];
}

export const nothingDone = {
  report: null,
  findings: null,
  plan: null,
  lint: null,
  artifactSha256: null,
  said: [],
  timeline: [],
  releases: [],
};
