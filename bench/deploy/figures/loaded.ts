import { setTimeout as delay } from "node:timers/promises";
import { type LoadResult, startLoad } from "../../../lab/load.ts";
import { measureDeploy, type Runner } from "../field.ts";
import { site } from "../place.ts";
import type { Project } from "../project.ts";
import type { LoadRow } from "../record.ts";

/** 16 visitors of a page that takes 50 ms, through nginx, during one deploy. */
export async function measureUnderLoad(runner: Runner, project: Project): Promise<LoadRow> {
  const visit = () =>
    startLoad({
      url: `http://${runner.place.host.address}/slow/`,
      headers: site,
      clients: 16,
      requestTimeoutMs: 30_000,
    });
  const resting = visit();
  await delay(2000);
  const rest = await resting.stop();
  const load = visit();
  await measureDeploy(runner, project);
  await delay(500);
  const seen = await load.stop();
  return {
    contestant: runner.contestant.id,
    sent: seen.sent,
    lost: seen.failed,
    kinds: lostKinds(seen),
    slowestMs: seen.slowestMs,
    restMs: rest.slowestMs,
  };
}

function lostKinds({ kinds }: LoadResult): string {
  const lost = Object.entries(kinds).filter(([kind]) => kind !== "ok");
  return lost.map(([kind, count]) => `${count} ${kind}`).join(", ");
}
