import { asDeployError } from "../errors.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts, ProbeAnswer, Proof } from "../host/types.ts";
import { livingRelease } from "../plan/host.ts";
import { frontDoor, probeHost, probeRequest } from "../plan/request.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import { liveManifest, lockView } from "./rows.ts";
import type { HostStatus, RunContext, StatusView } from "./types.ts";

/** What every host serves now, proven by its processes and by its own answer through the front door. */
export async function status(context: RunContext): Promise<StatusView> {
  const hosts = await withHosts(context, (session) => hostStatus(context, session));
  return { environment: context.config.environment, hosts };
}

async function hostStatus(context: RunContext, session: HostSession): Promise<HostStatus> {
  const facts = await session.request<HostFacts>("facts");
  requireSetUp(session.name, facts);
  const live = livingRelease(facts);
  const base = { host: session.name, lock: lockView(session.name, facts.lock) };
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
    slot: live.slot,
    workers: verdict.workers,
    proven: verdict.proven,
    proof: verdict.proof,
  };
}

async function proveLive(
  { config }: RunContext,
  session: HostSession,
  facts: HostFacts,
  live: { slot: string; release: string },
): Promise<{ proven: boolean; proof: string; workers: number }> {
  const healthHost = liveManifest(facts)?.healthHost ?? probeHost(config, null);
  const front = frontDoor(config);
  const door = `${front.tls ? "https" : "http"}://${front.address}:${front.port}`;
  try {
    const answer = await session.request<ProbeAnswer>("front", {
      where: front,
      release: live.release,
      request: probeRequest(config, healthHost, null),
      deadline: 5,
      successes: 1,
    });
    const proof = await session.request<Proof>("prove", {
      slot: live.slot,
      release: live.release,
      answered: answer.pids,
    });
    const problems = [answer.ok ? null : `${door}: ${answer.problem}`, answer.ok ? proof.problem : null];
    for (const row of proof.survivors) problems.push(`process ${row.pid} of ${row.release} still runs`);
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
