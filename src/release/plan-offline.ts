import type { Config } from "../config/types.ts";
import { plannedSteps } from "../plan/steps.ts";
import { collectShipment, readProject } from "../project/index.ts";
import { detected } from "./plan.ts";
import type { PlanView } from "./types.ts";

/** What can be said about a deploy without asking a host: for a pull request that is given no key. */
export async function planOffline(config: Config, options: { revision: string | null }): Promise<PlanView> {
  const project = await readProject(config, options.revision);
  const { files } = await collectShipment(project, config);
  return {
    environment: config.environment,
    revision: project.revision.sha,
    result: "deploy",
    hosts: [],
    steps: plannedSteps(config, project, []),
    migrations: [],
    files: { changed: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) },
    dependencies: { changed: true, installer: project.installer.value, reason: "" },
    risks: [
      {
        level: "info",
        message: "no host was asked: what differs from the live release is not known",
      },
    ],
    detected: detected(project),
    config: config.file,
    notEnforced: config.notEnforced,
  };
}
