import { describeLoad, type LoadResult, startLoad } from "../../../../lab/load.ts";
import type { HostStatus } from "../../../../src/release/types.ts";
import type { Footprint } from "../leftovers.ts";
import { type Acted, acted, told } from "../site.ts";
import type { Ending, Fault } from "./fault.ts";
import { type Fleet, type Name, names } from "./fleet.ts";
import { putGate } from "./gate.ts";

/** What a fault led to. */
export interface Seen {
  done: Acted;
  old: string;
  /** After the fault was mended, by `djdeploy status`. */
  status: HostStatus[];
  left: Footprint[];
  load: LoadResult;
  /** Requests that failed at a host other than the one that was hit, or for no reason that the fault has. */
  lost: number;
  ms: number;
}

let count = 0;

/** Deploys a new version to the fleet and lets the fault happen on one host, while visitors ask the balancer. */
export async function inflict(fleet: Fleet, fault: Fault, name: Name): Promise<Seen> {
  const { project } = fleet.site;
  const began = performance.now();
  await fleet.whole();
  const old = (await fleet.footprints())[0]?.live ?? "";
  const good = project.git("rev-parse", "HEAD").trim();
  project.version(`of_${++count}`);
  if (fault.files) project.commit(fault.files(name));
  const load = startLoad({
    ...{ url: fleet.balancer.url, headers: { host: "shop.example.com" } },
    ...{ clients: 3, pauseMs: 40, maxSeconds: 600, requestTimeoutMs: 30_000 },
  });
  await fault.before?.(fleet, name);
  const gate = fault.at ? await putGate(fleet.host(name), fault.at) : null;
  const running = fleet.deploy();
  let done: Acted;
  try {
    if (gate) {
      const over = running.ended.then((ran) => {
        throw new Error(`the run ended before ${JSON.stringify(fault.at)}\n${told(acted(ran))}`);
      });
      over.catch(() => {});
      const session = await Promise.race([gate.reached, over]);
      await fault.act?.(fleet, name, session);
      // A session that has ended, or a host that is gone, waits for nothing.
      if (!fault.ends) await gate.open();
      await fault.meanwhile?.(fleet, name);
    }
    done = acted(await running.ended);
  } finally {
    await fault.mend?.(fleet, name);
    await gate?.remove();
    project.git("reset", "-q", "--hard", done! && done.code === 0 ? "HEAD" : good);
  }
  const status = await fleet.status();
  const left = await fleet.footprints();
  const seen = await load.stop();
  const excused = fault.costs ? seen.failures.filter(({ detail }) => detail.includes(name)).length : 0;
  return {
    ...{ done, old, status, left, load: seen },
    lost: seen.failed - excused,
    ms: Math.round(performance.now() - began),
  };
}

/** Everything that is not as it has to be, in sentences; none when all is well. */
export function judge(seen: Seen, fault: Fault, name: Name): string[] {
  const ending: Ending = typeof fault.ending === "function" ? fault.ending(name) : fault.ending;
  const { done, old, status, left, load } = seen;
  const wrong: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (is !== should) wrong.push(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`);
  };
  expect("the exit code", done.code, ending.exit);
  expect("the result", done.report.result, ending.result);
  if (ending.error) {
    const last = done.events.findLast(({ code }) => code === "error");
    expect("the error", last?.data?.["error"], ending.error);
  }
  if (load.sent < 10 || load.ranOut) wrong.push(`hardly anybody asked: ${describeLoad(load)}`);
  if (seen.lost > 0) wrong.push(`${seen.lost} requests failed: ${describeLoad(load)}`);
  const named = done.events.some(
    ({ host, level, message }) =>
      level !== "debug" && level !== "info" && (host === name || message.includes(name)),
  );
  // A run that is sent back by another host tells of that one.
  if (ending.exit > 0 && !named && fault.files === undefined)
    wrong.push(`nothing that went wrong names ${name}`);
  for (const [index, row] of status.entries()) {
    if (ending.serves !== "each its own") {
      expect(`what ${row.host} serves`, row.release === old ? "old" : "new", ending.serves);
      if (!fault.leaves) {
        expect(`${row.host} is proven`, row.proven || row.proof, true);
        for (const sentence of leftOn(left[index])) wrong.push(`${row.host}: ${sentence}`);
      }
    }
    expect(`the lock of ${row.host}`, row.lock, null);
    const told = done.report.hosts.find(({ host }) => host === row.host);
    // A run that ended before it knew its hosts tells of none.
    if (told && told.release !== row.release)
      if (!(ending.hit === "unknown" && row.host === name && told?.release === null))
        wrong.push(`the report says that ${row.host} serves ${told?.release}, and it serves ${row.release}`);
    if (ending.hit && row.host === name && ending.hit !== "unknown")
      expect(`what ${row.host} serves`, row.release === old ? "old" : "new", ending.hit);
    if (
      ending.serves === "each its own" &&
      row.host !== name &&
      row.release !== old &&
      ending.hit !== undefined
    )
      wrong.push(`${row.host} was not brought back`);
  }
  return wrong;
}

/** What a host has that it should not have between two runs. */
export function leftOn(there: Footprint | undefined): string[] {
  if (!there) return ["not looked at"];
  const slot = there.slots.find((one) => one !== "worker") ?? "";
  const wanted: Partial<Footprint> = {
    run: [`${slot}.boot`, `${slot}.sock`, "web.sock"],
    slots: [slot, "worker"],
    running: [there.live],
    temporary: [],
    lock: false,
  };
  const wrong = Object.entries(wanted).flatMap(([what, should]) => {
    const is = there[what as keyof Footprint];
    return JSON.stringify(is) === JSON.stringify(should)
      ? []
      : [`${what} holds ${JSON.stringify(is)}, not ${JSON.stringify(should)}`];
  });
  // Live, the good one before it, and the last failed one as evidence.
  if (there.releases.length > 3) wrong.push(`${there.releases.length} releases`);
  if (there.versions > there.releases.length) wrong.push(`${there.versions} environment versions`);
  if (there.venvs > 2) wrong.push(`${there.venvs} virtual environments`);
  return wrong;
}

/** Where something was left on purpose, or the hosts differ: the next good deploy brings all to one release. */
export async function nextDeploy(fleet: Fleet): Promise<string[]> {
  await fleet.whole();
  fleet.site.project.version(`of_${++count}`);
  const done = acted(await fleet.deploy().ended);
  if (done.code !== 0) return [`the next deploy failed: ${told(done)}`];
  const status = await fleet.status();
  const left = await fleet.footprints();
  return names.flatMap((name, index) => [
    ...(status[index]?.release === done.report.release && status[index]?.proven
      ? []
      : [`after the next deploy ${name} is not proven: ${status[index]?.proof}`]),
    ...leftOn(left[index]).map((sentence) => `after the next deploy ${name}: ${sentence}`),
  ]);
}
