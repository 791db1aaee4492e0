import { randomUUID } from "node:crypto";
import type { Report } from "../report/event.ts";
import { type Client, GithubError } from "./client.ts";

/** What a run puts into GitHub's list of deployments. */
export interface DeploymentRecord {
  /** The run begins to change hosts: files the deployment as in progress. Answers at once. */
  begin(what: Begun): void;
  /** Says how it ended, and takes the place of what was live before. Never rejects. */
  end(report: Report): Promise<void>;
  /** What could not be recorded; null = nothing. */
  problem(): string | null;
}

export interface Begun {
  release: string;
  revision: string;
  hosts: string[];
}

export interface RecordOptions {
  client: Client;
  environment: string;
  task: "deploy" | "rollback";
  /** The page of the run. */
  logUrl: string | null;
  environmentUrl: string | null;
  /** Resolves after a while, and lets the process end before. */
  patience(ms: number): Promise<void>;
  /** Told the id, so that a later step can close what this one could not. */
  onFiled(id: number): void;
}

type State = "in_progress" | "success" | "failure" | "error" | "inactive";
const statusRoute = "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
const statusesRoute = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
/** The release is done by then: GitHub may be late, the run may not. */
const patienceMs = 30_000;

/** Files one deployment for a run. GitHub being slow, limited or down never harms the release. */
export function createDeploymentRecord(options: RecordOptions): DeploymentRecord {
  const { client, environment, task, logUrl, environmentUrl } = options;
  let filed: Promise<number | null> | null = null;
  const run = randomUUID();
  let problem: string | null = null;
  const tried = async <T>(ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await ask();
    } catch (error) {
      problem ??= (error as Error).message;
      return null;
    }
  };
  const status = (id: number, state: State, description: string) =>
    client.call(statusRoute, {
      deployment_id: id,
      state,
      description: description.slice(0, 140),
      auto_inactive: false,
      ...(logUrl ? { log_url: logUrl } : {}),
      ...(environmentUrl && state !== "inactive" ? { environment_url: environmentUrl } : {}),
    });

  const file = async ({ release, revision, hosts }: Begun): Promise<number> => {
    const id = await create(client, environment, run, {
      ref: revision,
      task,
      environment,
      description: `${task} ${release}`,
      payload: { release, hosts, run },
      auto_merge: false,
      required_contexts: [],
      transient_environment: false,
    });
    options.onFiled(id);
    await status(id, "in_progress", `${task} ${release} to ${hosts.join(", ")}`);
    return id;
  };

  return {
    begin(what) {
      filed ??= tried(() => file(what));
    },
    async end(report) {
      if (filed === null) return;
      const closing = async () => {
        const id = await filed;
        if (id === null) return;
        const good = report.result === "deployed" || report.result === "rolled-back";
        await tried(() => status(id, good ? "success" : "failure", described(report)));
        if (good) await tried(() => replace(client, environment, id, status));
      };
      const late = options.patience(patienceMs).then(() => {
        problem ??= "GitHub did not answer in time";
      });
      await Promise.race([closing(), late]);
    },
    problem: () => problem,
  };
}

/** Creates a deployment once: where GitHub did not answer, it is looked for before it is asked again. */
async function create(
  client: Client,
  environment: string,
  run: string,
  parameters: Record<string, unknown>,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      const route = "POST /repos/{owner}/{repo}/deployments";
      return (await client.call<{ id: number }>(route, parameters, { creates: true })).id;
    } catch (error) {
      const open = error instanceof GithubError && (error.status === null || error.status >= 500);
      if (!open || attempt === 3) throw error;
      const made = (await latest(client, environment)).find((one) => one.payload?.run === run);
      if (made) return made.id;
    }
  }
}

function latest(client: Client, environment: string): Promise<{ id: number; payload?: { run?: string } }[]> {
  return client.call("GET /repos/{owner}/{repo}/deployments", { environment, per_page: 10 });
}

function described({ result, release }: Report): string {
  return release ? `${result}: ${release} serves` : result;
}

/** GitHub itself leaves older deployments of a production environment active; only one is. */
async function replace(
  client: Client,
  environment: string,
  id: number,
  status: (id: number, state: State, description: string) => Promise<unknown>,
): Promise<void> {
  for (const other of (await latest(client, environment)).filter((one) => one.id < id)) {
    const [last] = await client.call<{ state: string }[]>(statusesRoute, {
      deployment_id: other.id,
      per_page: 1,
    });
    if (last?.state !== "success") continue;
    await status(other.id, "inactive", "a newer one serves");
    return;
  }
}

/**
 * Closes the deployment of a run that ended without a word: cancelled, or killed. Its number was found where code of the
 * repository may have put another one: only one that is in progress, and says so of this very run, is closed.
 */
export async function closeUnfinished(client: Client, id: number, logUrl: string | null): Promise<void> {
  const [last] = await client.call<{ state: string; log_url?: string }[]>(statusesRoute, {
    deployment_id: id,
    per_page: 1,
  });
  if (last?.state !== "in_progress" || (last.log_url || null) !== logUrl) return;
  await client.call(statusRoute, {
    deployment_id: id,
    state: "error",
    description: "the run ended before it could say what serves: djdeploy status tells",
    auto_inactive: false,
    ...(logUrl ? { log_url: logUrl } : {}),
  });
}
