import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { getState, info } from "@actions/core";
import { whyNot } from "../files/write.ts";
import { closeUnfinished } from "../github/deployments.ts";
import { printed } from "../report/printed.ts";
import { readGithubRun } from "./github.ts";
import { connectGithub } from "./octokit.ts";
import { isReportsFolder } from "./outputs.ts";

/** The state of a step lies where code of the repository finds it: only a folder that a step may have made is one. */
function removeReports(folder: string, temp: string): void {
  const name = basename(folder);
  if (!isReportsFolder(name) || folder !== join(temp, name)) return;
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    info(printed(`the folder of the reports stays: ${whyNot(error as NodeJS.ErrnoException)}`));
  }
}

/**
 * The step after the job, also of a failed or cancelled one: closes a deployment that the run could not close itself,
 * and removes its files. Never fails a job.
 */
export async function post(env: Record<string, string | undefined>): Promise<void> {
  removeReports(getState("folder"), env["RUNNER_TEMP"] || tmpdir());
  const id = Number(getState("deployment"));
  if (!Number.isSafeInteger(id) || id < 1 || getState("closed") === "true") return;
  try {
    const client = connectGithub(env);
    if (client) await closeUnfinished(client, id, readGithubRun(env).runUrl);
  } catch (error) {
    info(printed(`the deployment in GitHub's list stays open: ${(error as Error).message}`));
  }
}
