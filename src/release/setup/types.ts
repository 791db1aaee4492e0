import type { Config } from "../../config/types.ts";
import type { DeployError } from "../../errors.ts";
import type { Emit, StepResult } from "../../report/event.ts";
import type { AskHostKey, Target } from "../../ssh/types.ts";
import type { ProjectNeeds } from "./needs.ts";

/**
 * What `setup` is given. Its events: `step.start`, `step.done` (`data.status` done | unchanged), `step.failed`; in a dry
 * run one `setup.item` for each item (`data.status` planned | unchanged, a diff in the message); `setup.site` with the
 * text of the nginx site (`nginx: print`).
 */
export interface SetupContext {
  config: Config;
  emit: Emit;
  /** One per host of the configuration, in its order; `user` is who to come in as: root, or a user with sudo. */
  targets: Target[];
  ask?: AskHostKey;
  /** Normalised address of `origin`; the folder on the host will belong to it. */
  repository: string | null;
  needs: ProjectNeeds;
  /** An abort closes the connections: what runs on a host may still end there, nothing new begins. */
  signal?: AbortSignal;
}

export interface SetupOptions {
  /** Show each file and command, change nothing. */
  dryRun: boolean;
  /** Public keys (authorized_keys lines) that may deploy; null = those that may come in as the user of the target. */
  deployKeys: string[] | null;
  /** Public keys that may only read what a plan needs; null = none. */
  planKeys: string[] | null;
  /** For `--ask-sudo-password`; goes to sudo's standard input, nowhere else. */
  sudoPassword: string | null;
}

export interface SetupOutcome {
  result: "done" | "unchanged" | "planned" | "failed" | "refused";
  hosts: { host: string; changed: number; unchanged: number }[];
  steps: StepResult[];
  durationMs: number;
  /** The first one; nothing is hidden: each was emitted as an event. */
  error: DeployError | null;
}
