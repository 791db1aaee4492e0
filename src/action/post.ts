import { rmSync } from "node:fs";
import { getState, info } from "@actions/core";
import { closeUnfinished } from "../github/deployments.ts";
import { printed } from "../report/printed.ts";
import { readGithubRun } from "./github.ts";
import { connectGithub } from "./octokit.ts";

/**
 * The step after the job, also of a failed or cancelled one: closes a deployment that the run could not close itself,
 * and removes its files. Never fails a job.
 */
export async function post(env: Record<string, string | undefined>): Promise<void> {
  const folder = getState("folder");
  if (folder) rmSync(folder, { recursive: true, force: true });
  const id = Number(getState("deployment"));
  if (!id || getState("closed") === "true") return;
  try {
    const client = connectGithub(env);
    if (client) await closeUnfinished(client, id, readGithubRun(env).runUrl);
  } catch (error) {
    info(printed(`the deployment in GitHub's list stays open: ${(error as Error).message}`));
  }
}
