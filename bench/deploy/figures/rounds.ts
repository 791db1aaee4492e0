import { measureDeploy, type Runner } from "../field.ts";
import type { Project } from "../project.ts";
import type { DeployRow } from "../record.ts";

export interface Rounds {
  /** At no delay. */
  rounds: number;
  /** At each of the delays. */
  delayed: number;
  /** What a round trip takes longer, in milliseconds. */
  delays: number[];
}

/** Every contestant deploys in every round, at every delay, each time another one first. */
export async function measureRounds(
  runners: Runner[],
  project: Project,
  { rounds, delayed, delays }: Rounds,
  say: (text: string) => void,
): Promise<DeployRow[]> {
  const rows: DeployRow[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const roundTripMs of [0, ...delays]) {
      if (roundTripMs > 0 && round >= delayed) continue;
      for (const runner of rotated(runners, round)) {
        const { id, compared } = runner.contestant;
        if (roundTripMs > 0 && !compared) continue;
        runner.place.line.setDelay(roundTripMs / 2);
        try {
          const measured = await measureDeploy(runner, project);
          rows.push({ contestant: id, roundTripMs, round, ...measured });
          say(`round ${round + 1}, ${id} at ${roundTripMs} ms: ${measured.ms} ms`);
        } finally {
          runner.place.line.setDelay(0);
        }
      }
    }
  }
  return rows;
}

function rotated<T>(list: T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
