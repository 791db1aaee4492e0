import type { Contestant, Deployed, Deployer } from "./contestants/index.ts";
import { awaitLine, bootPlace, difference, type Place } from "./place.ts";
import type { Project } from "./project.ts";

/** A contestant on its host, ready and warm. */
export interface Runner {
  contestant: Contestant;
  place: Place;
  deployer: Deployer;
}

/** Boots a host for each ground and deploys once with each contestant: no first time is measured. */
export async function enter(contestants: Contestant[], project: Project): Promise<Runner[]> {
  const grounds = new Map<string, Contestant[]>();
  for (const one of contestants) grounds.set(one.ground, [...(grounds.get(one.ground) ?? []), one]);
  const runners: Runner[] = [];
  try {
    // One after the other where a layer has to be made: both are made only once.
    for (const [first] of grounds.values()) await first?.layer();
    await Promise.all(
      [...grounds.values()].map(async (all) => {
        const place = await bootPlace(await all[0]!.layer());
        for (const contestant of all) {
          const deployer = await contestant.start(place, project);
          runners.push({ contestant, place, deployer });
        }
      }),
    );
    const order = contestants.map((one) => one.id);
    runners.sort((a, b) => order.indexOf(a.contestant.id) - order.indexOf(b.contestant.id));
    for (const runner of runners) await measureDeploy(runner, project);
    return runners;
  } catch (error) {
    await leave(runners);
    throw error;
  }
}

export async function leave(runners: Runner[]): Promise<void> {
  await Promise.all(runners.map(({ deployer }) => deployer.stop?.()));
  await Promise.all([...new Set(runners.map(({ place }) => place))].map((place) => place.stop()));
}

export interface Measurement extends Deployed {
  ms: number;
  sent: number;
  received: number;
  connections: number;
}

/** Changes the line, deploys, and looks whether visitors see it: the wall time of the contestant's programs alone. */
export async function measureDeploy(
  { contestant, place, deployer }: Runner,
  project: Project,
): Promise<Measurement> {
  const line = project.change();
  const lines = [place.line, ...(deployer.lines ?? [])];
  const before = lines.map((one) => one.seen());
  const begun = performance.now();
  const deployed = await deployer.deploy();
  const ms = Math.round(performance.now() - begun);
  await deployer.tidy?.();
  const traffic = difference(
    before,
    lines.map((one) => one.seen()),
  );
  await awaitLine(place.host, line).catch((error) => {
    throw new Error(`after a deploy by ${contestant.name}: ${(error as Error).message}`);
  });
  return { ...deployed, ms, ...traffic };
}
