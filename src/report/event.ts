export type Level = "debug" | "info" | "warning" | "error";

/**
 * One thing that happened. The core never prints: it emits events, and a reporter (terminal, GitHub, JSON) shows
 * them. `code` is stable: `phase.start`, `step.start`, `step.output`, `step.done`, `step.failed`, `note`,
 * `finding`, `connections.cut`, `error`, `result`. For steps, `data.ms` is the elapsed time and `data.status` is
 * `done | unchanged | failed | skipped`.
 */
export interface Event {
  /** ISO 8601, UTC. */
  time: string;
  code: string;
  level: Level;
  message: string;
  host?: string;
  step?: string;
  data?: Record<string, unknown>;
}

export type Emit = (event: Omit<Event, "time">) => void;

export type RunResult =
  | "deployed"
  | "unchanged"
  | "kept-old"
  | "reverted"
  | "rolled-back"
  | "refused"
  | "locked"
  | "partial"
  | "failed";

export interface HostResult {
  host: string;
  result: RunResult;
  release: string | null;
  /** How it was proven: `pids 812,813 serve 20261120T…; http://… answered 200 from it`. */
  proof: string | null;
  /** Connections of visitors that this run cut when a release ended; absent = none. */
  cut?: number;
  /** The run never reached it: what it serves is not known. */
  unreached?: boolean;
}

export interface StepResult {
  step: string;
  host: string | null;
  ms: number;
  status: "done" | "unchanged" | "failed" | "skipped";
}

/** The last line of every verb that acts (`--format json`). */
export interface Report {
  result: RunResult;
  environment: string;
  release: string | null;
  previousRelease: string | null;
  revision: string | null;
  url: string | null;
  durationMs: number;
  hosts: HostResult[];
  steps: StepResult[];
  /** What a person should know although all went well; absent: nothing. */
  warnings?: string[];
}
