import type { Config } from "../config/types.ts";
import { asDeployError } from "../errors.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts, Serving } from "../host/types.ts";
import { livingRelease } from "../plan/host.ts";
import { processesOn, processProblems } from "../plan/processes.ts";
import { frontDoor, probeHost, probeRequest } from "../plan/request.ts";
import { servesWeb } from "../plan/roles.ts";
import type { Target } from "../ssh/types.ts";
import { openHost, requireSetUp } from "./hosts.ts";
import { named } from "./named.ts";
import { endsWithLogin } from "./owner.ts";
import { processesText, runIt } from "./processes.ts";
import { liveManifest, lockView } from "./rows.ts";
import { survivorsText } from "./slots.ts";
import type { HostStatus, RunContext, StatusView } from "./types.ts";

/** What every host serves now, proven by its processes and by its own answer through the front door. */
export async function status(context: RunContext): Promise<StatusView> {
  const rows = await Promise.allSettled(context.targets.map((target) => targetStatus(context, target)));
  const failed = rows.flatMap((row) => (row.status === "rejected" ? [row.reason as unknown] : []));
  if (failed.length === rows.length) throw named(failed[0], context.config);
  const hosts = rows.map((row, index) =>
    row.status === "fulfilled" ? row.value : silent(context.targets[index]?.name ?? "", row.reason),
  );
  return { environment: context.config.environment, hosts };
}

async function targetStatus(context: RunContext, target: Target): Promise<HostStatus> {
  const session = await openHost(context, target);
  try {
    return await hostStatus(context, session);
  } finally {
    await session.close();
  }
}

/** A host of several that could not be asked: the others are shown all the same. */
function silent(host: string, reason: unknown): HostStatus {
  const why = asDeployError(reason).message;
  const nothing = {
    release: null,
    revision: null,
    slot: null,
    workers: 0,
    processes: [],
    lock: null,
    hold: null,
  };
  return { host, ...nothing, state: "unknown", proven: false, proof: why };
}

async function hostStatus(context: RunContext, session: HostSession): Promise<HostStatus> {
  const facts = await session.request<HostFacts>("facts");
  requireSetUp(session.name, facts);
  const live = livingRelease(facts);
  const processes = Object.entries(facts.processes ?? {})
    .filter(([, seen]) => seen.release !== null || seen.pid > 0)
    .map(([name, seen]) => ({ name, release: seen.runs, pid: seen.pid || null }));
  const base = {
    host: session.name,
    processes,
    lock: lockView(session.name, facts.lock),
    hold: facts.hold ?? null,
  };
  if (!live) {
    return {
      ...base,
      release: null,
      revision: null,
      state: "nothing is live",
      slot: null,
      workers: 0,
      proven: false,
      proof: null,
    };
  }
  const manifest = liveManifest(facts);
  const verdict = await proveLive(context, session, facts, live);
  return {
    ...base,
    release: live.release,
    revision: manifest?.revision ?? null,
    state: manifest?.state ?? "unknown",
    slot: servesWeb(context.config, session.name) ? live.slot : null,
    workers: verdict.workers,
    proven: verdict.proven,
    proof: verdict.proof,
  };
}

/** A host without a web server: its processes are all there is to ask. */
async function provesItsProcesses(
  config: Config,
  session: HostSession,
  facts: HostFacts,
  release: string,
): Promise<{ proven: boolean; proof: string; workers: number }> {
  const names = processesOn(config, session.name).map(({ name }) => name);
  const { rows, survivors } = await runIt(session, release, names);
  const found = [...processProblems(config, session.name, facts, release), ...survivorsText({ survivors })];
  if (facts.current !== release) found.push(`current names ${facts.current ?? "nothing"}`);
  const well = rows.length > 0 ? processesText(rows) : "no process is to run here";
  return { proven: found.length === 0, proof: found.join("; ") || well, workers: 0 };
}

const lingeringOff = "it ends with the last login of its user, which does not linger";

async function proveLive(
  { config }: RunContext,
  session: HostSession,
  facts: HostFacts,
  live: { slot: string; release: string },
): Promise<{ proven: boolean; proof: string; workers: number }> {
  if (!servesWeb(config, session.name)) return provesItsProcesses(config, session, facts, live.release);
  const healthHost = liveManifest(facts)?.healthHost ?? probeHost(config, null);
  const front = frontDoor(config);
  const door = `${front.tls ? "https" : "http"}://${front.address}:${front.port}`;
  try {
    const { answer, proof } = await session.request<Serving>("serves", {
      where: front,
      slot: live.slot,
      release: live.release,
      request: probeRequest(config, healthHost, null),
      deadline: 5,
      successes: 1,
    });
    const problems = [answer.ok ? null : `${door}: ${answer.problem}`, answer.ok ? proof.problem : null];
    problems.push(...survivorsText(proof));
    problems.push(...processProblems(config, session.name, facts, live.release));
    if (endsWithLogin(facts)) problems.push(lingeringOff);
    if (facts.current !== live.release) problems.push(`current names ${facts.current ?? "nothing"}`);
    const found = problems.filter(Boolean);
    return {
      proven: found.length === 0,
      proof: found.length
        ? found.join("; ")
        : `${door} answered ${answer.seen?.status} from it; main process ${proof.main}`,
      workers: proof.workers.length,
    };
  } catch (thrown) {
    return { proven: false, proof: asDeployError(thrown).message, workers: 0 };
  }
}
