import type { Config } from "../config/types.ts";
import type { DeployError } from "../errors.ts";
import type { GithubApi } from "../github/api.ts";
import type { Trigger } from "../github/trigger.ts";
import type { Finding, LintResult } from "../lint/types.ts";
import type { PackageChange } from "../plan/packages.ts";
import type { Commit } from "../project/history.ts";
import type { Emit, Report } from "../report/event.ts";
import type { Redact } from "../report/redact.ts";
import type { Guarantee } from "../services/guarantee.ts";
import type { AskHostKey, Target } from "../ssh/types.ts";

/** What every verb of the release core is given. The core reads nothing else: no environment, no terminal. */
export interface RunContext {
  config: Config;
  emit: Emit;
  /** One target per host, already resolved (src/ssh/target.ts). */
  targets: Target[];
  /** Only where a person can answer. */
  ask?: AskHostKey;
  /** Secret values this run was given; empty counts as not given. */
  values: Record<string, string>;
  /** Hides all that is secret in this run: values, keys, passphrases, tokens. For what is written down, here or on a host. */
  redact: Redact;
  /** Hides from here on what becomes known later: what only a host has stored. */
  hide: (values: string[]) => void;
  /** Who deploys, as shown by the lock and the audit line. */
  actor: string;
  runUrl: string | null;
  face: "cli" | "action" | "library";
  /** What started the workflow; absent where a person did, on a command line. */
  trigger?: Trigger;
  /** Absent on a command line. */
  github?: GithubApi;
  /** Aborted by Ctrl-C or by a cancelled workflow. */
  signal: AbortSignal;
  /** Told what the lint found, before it may end the run. */
  judged?: (result: LintResult) => Promise<void>;
}

/** How a verb that acts ended. An error never escapes without its report. */
export interface Outcome {
  report: Report;
  error: DeployError | null;
}

export interface DeployOptions {
  /** A commit, branch or tag; null = HEAD. */
  revision: string | null;
  /** `checked`: an earlier job ran them. */
  tests: "run" | "skip" | "checked";
  skipLint: boolean;
  /** Wait for the lock instead of ending with exit code 6. */
  wait: boolean;
  /** The reason to override a guard; null = none. */
  force: string | null;
  /** What `build.artifact` has to be: the SHA-256 that the job which built it gave. */
  artifactSha256?: string | null;
}

export interface RollbackOptions {
  /** A release id, a commit or `previous`; null = the last good release before the live one. */
  to: string | null;
  migrations: "auto" | "keep" | "reverse" | "refuse";
  env: "current" | "release";
}

/** What `deploy` would do (`plan --format json`). */
export interface PlanView {
  environment: string;
  revision: string;
  /** `unchanged` when a deploy would find nothing to do. */
  result: "deploy" | "unchanged";
  hosts: PlanHost[];
  steps: PlanStep[];
  /** The commits since the live release, newest first; null where the clone does not hold them. */
  commits: Commit[] | null;
  migrations: PlanMigration[];
  /** How the migrations are known, in one sentence. */
  migrationsKnown: string;
  /** What would be sent: files that differ from what the hosts have, and their size. `paths`: what changes, and what goes. */
  files: { changed: number; bytes: number; paths: string[] };
  dependencies: { changed: boolean; installer: string; reason: string; packages: PackageChange[] };
  /** Certain findings of the lint above `info` that the live release's settings do not have. */
  findings: PlanFindings;
  /** What setup once wrote, and a deploy does not change: units or programs, nginx site, sudo rules. */
  setup: { changed: boolean; why: string };
  /** `none`, or what is not served meanwhile and why. */
  downtime: string;
  /** What the strategy promises, before anything happens. */
  guarantee: Guarantee;
  risks: PlanRisk[];
  /** What was detected, and from what. */
  detected: { name: string; value: string; evidence: string }[];
  /** The file the configuration was read from, and the protecting defaults that are not enforced yet. */
  config: string;
  notEnforced: string[];
}

export interface PlanHost {
  host: string;
  /** What serves now; null = nothing. */
  release: string | null;
  revision: string | null;
  slot: string | null;
  roles: string[];
}

export interface PlanStep {
  phase: string;
  step: string;
  /** null: once, on the runner. */
  host: string | null;
  /** What it will do, in one sentence. */
  does: string;
}

export interface PlanFindings {
  /** The revision that was compared with; null = none could be, and `new` holds all. */
  since: string | null;
  new: Finding[];
}

export interface PlanMigration {
  /** The alias in DATABASES. */
  database: string;
  app: string;
  name: string;
  /** What it does, in Django's words; empty where only its name is known. */
  operations: string[];
  /** As `sqlmigrate` has it; null where it is not known. */
  sql: string | null;
  /** Whether the old release keeps working on the new schema, as far as it was judged. */
  safe: boolean | null;
  why: string | null;
}

export interface PlanRisk {
  level: "info" | "warning" | "error";
  message: string;
}

/** `hold --format json`. */
export interface HoldView {
  environment: string;
  hosts: { host: string; hold: HoldRow | null }[];
}

/** That runs of a push are refused. */
export interface HoldRow {
  /** What is held; null = nothing serves. */
  release: string | null;
  actor: string;
  /** Seconds since 1970. */
  at: number;
  reason: string;
  runUrl: string | null;
}

/** `releases --format json`. */
export interface ReleasesView {
  releases: ReleaseView[];
}

export interface ReleaseView {
  id: string;
  host: string;
  revision: string;
  actor: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  state: string;
  live: boolean;
  /** `app.0003_name`. */
  migrationHeads: string[];
  /** Why a failed attempt failed. */
  reason: string | null;
}

/** `status --format json`. */
export interface StatusView {
  environment: string;
  hosts: HostStatus[];
  /** Where the application is not kept in its box as elsewhere (docs/security.md). */
  exceptions: string[];
}

export interface HostStatus {
  host: string;
  release: string | null;
  revision: string | null;
  state: string;
  slot: string | null;
  /** Number of worker processes. */
  workers: number;
  /** The web server and every other process run this release, it answers, and nothing speaks against it. */
  proven: boolean;
  /** What was seen, or what speaks against it. */
  proof: string | null;
  /** Each thing that does not fit, and the command that puts it right. */
  problems: { message: string; fix: string }[];
  /** What runs besides the web server. */
  processes: { name: string; release: string | null; pid: number | null }[];
  lock: LockView | null;
  /** Runs of a push are refused; null = they may deploy. */
  hold: HoldRow | null;
}

/** Who holds the lock of an application on a host. */
export interface LockView {
  host: string;
  actor: string;
  revision: string | null;
  runUrl: string | null;
  /** ISO 8601, UTC. */
  since: string;
  /** False: its runner is gone, and what it began is brought to its end. */
  alive: boolean;
}

export interface LogsOptions {
  /** null = the web process. */
  process: string | null;
  follow: boolean;
  lines: number;
}

/** Output of `logs`, as it comes: one line without its end. What it gives is pending while its reader is behind. */
export type WriteLine = (line: { host: string; text: string }) => Promise<void> | undefined;

/** One stored secret, without its value. */
export interface EnvEntry {
  host: string;
  name: string;
  /** When it was stored, ISO 8601, UTC. */
  storedAt: string;
  /** The first characters of its SHA-256, to compare hosts with. */
  hash: string;
}

export interface EnvView {
  environment: string;
  entries: EnvEntry[];
  /** Names in `env.secrets` that a host has no value for. */
  missing: { host: string; name: string }[];
}

export interface UnlockView {
  environment: string;
  /** One entry per host whose lock is held (before `--force` ended the holder). */
  locks: LockView[];
  /** Hosts whose holder was ended. */
  ended: string[];
}
