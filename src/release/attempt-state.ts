import type { Config } from "../config/types.ts";
import type { DeployError } from "../errors.ts";
import type { HostResult } from "../report/event.ts";
import type { Begun } from "./begin.ts";
import type { HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

// What a run that changes hosts carries with it.

/** What goes live: the last two phases, for a new release as for an old one. */
export interface Activation {
  run: string;
  release: string;
  config: Config;
  /** The Host header of every probe. */
  healthHost: string;
  /** What the live release answered before, so that a page that was there is not lost. */
  liveStatus: number | null;
  /** A rollback: processes and web take their turns the other way round. */
  backwards: boolean;
}

/** A host that failed and that the others went on without (rollout.max-failures). */
export interface LeftOut {
  error: DeployError;
  result: HostResult;
}

/** One attempt to change what serves; a body fills it in as it goes, so that a failure knows how far it came. */
export interface Attempt {
  readonly context: RunContext;
  readonly recorder: Recorder;
  readonly run: string;
  /** Every session that was opened, so that all are closed and all locks freed whatever happens. */
  opened: Begun[];
  /** Those that go on. */
  hosts: HostRun[];
  /** Those that failed and were left out (rollout.max-failures). */
  left: LeftOut[];
  /** The release that is to be live. */
  release: string | null;
  revision: string | null;
  /** Set when everything is prepared. */
  activation: Activation | null;
}
