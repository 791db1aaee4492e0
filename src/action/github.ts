import { DeployError, ExitCode } from "../errors.ts";
import { readRegular } from "../files/read.ts";
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
  /** Why `event` says nothing; null where it was read. */
  eventProblem: DeployError | null;
  /** null: not started by a workflow. */
  trigger: Trigger | null;
  /** Where files of this job may be written. */
  temp: string | null;
  workspace: string;
}

type Env = Record<string, string | undefined>;

export function readGithubRun(env: Env): GithubRun {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const { event, eventProblem } = readEvent(env.GITHUB_EVENT_PATH);
  return {
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || "unknown",
    runUrl: server && repository && id ? `${server}/${repository}/actions/runs/${id}` : null,
    page: server && repository ? `${server}/${repository}` : null,
    eventName: env.GITHUB_EVENT_NAME ?? "",
    event,
    eventProblem,
    trigger: readTrigger(env, event),
    temp: env.RUNNER_TEMP || null,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
  };
}

/** GitHub sends at most 25 MB. */
const mostOfEvent = 32_000_000;

function readEvent(path: string | undefined): Pick<GithubRun, "event" | "eventProblem"> {
  try {
    const event: unknown = JSON.parse(readRegular(path!, mostOfEvent)!.toString("utf8"));
    if (typeof event === "object" && event !== null && !Array.isArray(event))
      return { event, eventProblem: null };
  } catch {}
  // What started the run decides whether it may deploy.
  const eventProblem = new DeployError(
    "guard.event",
    ExitCode.refused,
    `what started this run is not known: ${path ? "the file at GITHUB_EVENT_PATH cannot be read" : "GITHUB_EVENT_PATH is not set"}`,
    { expected: "a JSON object of at most 32 MB", hint: "run the action in a workflow of GitHub" },
  );
  return { event: {}, eventProblem };
}
