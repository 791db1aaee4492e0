import { DeployError, ExitCode } from "../errors.ts";

/** The parts of a webhook payload that say whose code this is. */
export interface EventPayload {
  repository?: Named | null;
  pull_request?: {
    number?: number;
    head?: { repo?: Named | null } | null;
    base?: { repo?: Named | null } | null;
  } | null;
  workflow_run?: {
    event?: string;
    head_branch?: string | null;
    head_repository?: Named | null;
    repository?: Named | null;
  } | null;
}

interface Named {
  full_name?: string;
}

/**
 * Why a run of this event may not deploy or roll back: its code, or what started it, comes from somebody who may not.
 * null when it may.
 */
export function refusedEvent(name: string, payload: EventPayload): DeployError | null {
  if (name === "pull_request_target") {
    return refused("pull_request_target runs a stranger's change with the repository's secrets");
  }
  if (name === "") return refused("it has no name");
  if (/^pull_request(?:_|$)/.test(name) && !payload.pull_request) {
    return refused("it does not say whose pull request this is");
  }
  if (name === "workflow_run" && !payload.workflow_run) {
    return refused("it does not say which run started this one");
  }
  const base = payload.pull_request?.base?.repo?.full_name ?? payload.repository?.full_name;
  if (payload.pull_request) {
    const head = payload.pull_request.head?.repo?.full_name;
    if (!head || head !== base) return refused(`the pull request comes from a fork (${head ?? "deleted"})`);
  }
  const run = payload.workflow_run;
  if (run) {
    const head = run.head_repository?.full_name;
    const own = run.repository?.full_name ?? payload.repository?.full_name;
    if (run.event === "pull_request_target" || !head || head !== own) {
      return refused(`the workflow run that started this one comes from a fork (${head ?? "deleted"})`);
    }
  }
  return null;
}

function refused(why: string): DeployError {
  return new DeployError("guard.event", ExitCode.refused, `this event may not deploy: ${why}`, {
    seen: why,
    hint: "deploy on push, workflow_dispatch or release; plan and lint may run on pull requests",
  });
}
