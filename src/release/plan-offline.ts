import type { Config } from "../config/types.ts";
import { packageChanges } from "../plan/packages.ts";
import { guaranteeFor, withMigrations } from "../plan/server.ts";
import { plannedSteps } from "../plan/steps.ts";
import { collectShipment, readProject, requireUsableHash } from "../project/index.ts";
import { detected } from "./plan.ts";
import { addedMigrations } from "./plan-migrations.ts";
import { compareWith } from "./plan-since.ts";
import type { PlanView } from "./types.ts";

/**
 * What can be said about a deploy without asking a host: for a pull request that is given no key. Compared with `base`,
 * the commit that it goes to, where the clone holds one.
 */
export async function planOffline(
  config: Config,
  options: { revision: string | null; base: string | null; artifactSha256?: string | null },
): Promise<PlanView> {
  requireUsableHash(config, options.artifactSha256 ?? null);
  const project = await readProject(config, options.revision);
  const shipment = await collectShipment(project, config);
  const paths = shipment.files.map(({ path }) => path);
  const since = await compareWith(options.base, { config, project, shipment, values: {} });
  const { commits, findings, packages, paths: before } = since;
  const compared = before !== null;
  const added = compared ? addedMigrations(paths, before) : [];
  return {
    environment: config.environment,
    revision: project.revision.sha,
    result: "deploy",
    hosts: [],
    steps: plannedSteps(config, project, []),
    commits,
    migrations: added,
    migrationsKnown: compared ? "by name, against the branch it goes to" : "not compared",
    files: {
      changed: shipment.files.length,
      bytes: shipment.files.reduce((sum, file) => sum + file.size, 0),
      paths: [],
    },
    dependencies: {
      changed: true,
      installer: project.installer.value,
      reason: "",
      packages: packages ? packageChanges(pinned(packages), project.packages, packages) : [],
    },
    findings,
    setup: { changed: false, why: "not compared" },
    downtime: "not known",
    guarantee: withMigrations(guaranteeFor(config, project), compared ? added.length : null),
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

/** What is not pinned counts as there already, in whatever version. */
function pinned(packages: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).map(([name, version]) => [name, version ?? ""]));
}
