import { readFileSync } from "node:fs";
import type { EventPayload } from "../github/event.ts";
import { readTrigger, type Trigger } from "../github/trigger.ts";

/** What GitHub says about this run, from the documented variables alone. */
export interface GithubRun {
  actor: string;
  runUrl: string | null;
  /** Of the repository. */
  page: string | null;
  eventName: string;
  event: EventPayload;
  /** null: not started by a workflow. */
  trigger: Trigger | null;
  /** Where files of this job may be written. */
  temp: string | null;
  workspace: string;
}

type Env = Record<string, string | undefined>;

export function readGithubRun(env: Env): GithubRun {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const event = readEvent(env.GITHUB_EVENT_PATH);
  return {
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || "unknown",
    runUrl: server && repository && id ? `${server}/${repository}/actions/runs/${id}` : null,
    page: server && repository ? `${server}/${repository}` : null,
    eventName: env.GITHUB_EVENT_NAME ?? "",
    event,
    trigger: readTrigger(env, event),
    temp: env.RUNNER_TEMP || null,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
  };
}

function readEvent(path: string | undefined): EventPayload {
  if (!path) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as EventPayload;
  } catch {
    return {};
  }
}
