import { djdeploy } from "../contestants/ours.ts";
import { measureDeploy, type Runner } from "../field.ts";
import { difference } from "../place.ts";
import type { Project } from "../project.ts";
import { ballast } from "../project-files.ts";
import type { OwnRow } from "../record.ts";

/** Back to the release before, and from there to the one before that: the last two take turns. */
export async function measureRollbacks(
  { place }: Runner,
  project: Project,
  count: number,
): Promise<OwnRow[]> {
  const rows: OwnRow[] = [];
  let to = "previous";
  for (let n = 0; n < count; n++) {
    const before = [place.line.seen()];
    const begun = performance.now();
    const report = await djdeploy(place, project, ["rollback", "--to", to]);
    const ms = Math.round(performance.now() - begun);
    if (report.result !== "rolled-back") throw new Error(`rollback: ${report.result}`);
    const { sent, received } = difference(before, [place.line.seen()]);
    rows.push({ ms, sent, received });
    to = report.previousRelease ?? "previous";
  }
  return rows;
}

/** The change of one line of a project that grew by `bytes`. The deploy that takes all of it there is not measured. */
export async function measureLarge(
  runner: Runner,
  project: Project,
  bytes: number,
  count: number,
): Promise<{ bytes: number; rows: OwnRow[] }> {
  const files = ballast(bytes);
  project.commit(files);
  await measureDeploy(runner, project);
  const rows: OwnRow[] = [];
  for (let n = 0; n < count; n++) {
    const { ms, sent, received } = await measureDeploy(runner, project);
    rows.push({ ms, sent, received });
  }
  const added = Object.values(files).reduce((sum, file) => sum + file.length, 0);
  return { bytes: project.bytes + added, rows };
}
