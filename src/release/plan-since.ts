import type { Config } from "../config/types.ts";
import type { Finding } from "../lint/types.ts";
import { type Commit, commitsSince } from "../project/history.ts";
import { collectShipment, readProject } from "../project/index.ts";
import type { Project, Shipment } from "../project/types.ts";
import { lintShipment } from "./lint.ts";
import type { PlanFindings } from "./types.ts";

const mostCommits = 50;

/** What the live revision's own files say, for a comparison with the new ones. */
export interface Since {
  commits: Commit[] | null;
  findings: PlanFindings;
  /** What the live revision's requirements name; null where the clone does not hold it. */
  packages: Project["packages"] | null;
  /** Its files; null likewise. */
  paths: string[] | null;
}

/** Compares a revision with another one, as a rule the live one; null where there is none. */
export async function compareWith(
  live: string | null,
  { config, project, shipment, values }: Compared,
): Promise<Since> {
  const now = await certain(config, project, shipment, values);
  const commits = live && (await commitsSince(project.directory, live, project.revision.sha, mostCommits));
  const before = live && (await settingsAt(config, live, values));
  if (!before)
    return { commits: commits || null, findings: { since: null, new: now }, packages: null, paths: null };
  const known = new Set(before.findings.map(same));
  return {
    commits: commits || null,
    findings: { since: live, new: now.filter((one) => !known.has(same(one))) },
    packages: before.packages,
    paths: before.paths,
  };
}

interface Compared {
  config: Config;
  project: Project;
  shipment: Shipment;
  values: Record<string, string>;
}

/** A commit that the clone does not hold, or that did not load then, cannot be compared with. */
async function settingsAt(config: Config, revision: string, values: Record<string, string>) {
  try {
    const project = await readProject(config, revision);
    const shipment = await collectShipment(project, config);
    const paths = shipment.files.map(({ path }) => path);
    return { findings: await certain(config, project, shipment, values), packages: project.packages, paths };
  } catch {
    return null;
  }
}

async function certain(
  config: Config,
  project: Project,
  shipment: Shipment,
  values: Record<string, string>,
): Promise<Finding[]> {
  const { findings } = await lintShipment(config, project, shipment, values);
  return findings.filter((one) => one.certainty === "certain" && one.level !== "info");
}

/** Lines move from one revision to the next; what is said of which setting does not. */
function same({ id, setting, message }: Finding): string {
  return `${id}\0${setting}\0${message}`;
}
