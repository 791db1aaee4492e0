import { asDeployError } from "../errors.ts";
import type { HostSession } from "../host/session.ts";
import type { Target } from "../ssh/types.ts";
import { exceptionsOf } from "./exceptions.ts";
import { interruptible, openHost, requireSetUp } from "./hosts.ts";
import { named, withName } from "./named.ts";
import { lockView } from "./rows.ts";
import { standingOf } from "./standing.ts";
import type { HostStatus, RunContext, StatusView } from "./types.ts";

/** What every host serves now, proven by its processes and by its own answer through the front door. */
export async function status(context: RunContext): Promise<StatusView> {
  const rows = await Promise.allSettled(context.targets.map((target) => targetStatus(context, target)));
  const failed = rows.flatMap((row) => (row.status === "rejected" ? [row.reason as unknown] : []));
  if (failed.length === rows.length) throw named(failed[0], context.config);
  const hosts = rows.map((row, index) =>
    row.status === "fulfilled" ? row.value : silent(context.targets[index]?.name ?? "", row.reason),
  );
  const exceptions = exceptionsOf(context.config).map(({ message }) => message);
  return { environment: context.config.environment, hosts, exceptions };
}

async function targetStatus(context: RunContext, target: Target): Promise<HostStatus> {
  const session = await openHost(context, target);
  try {
    return await interruptible(context, session, () => hostStatus(context, session));
  } finally {
    await session.close();
  }
}

/** A host of several that could not be asked: the others are shown all the same. */
function silent(host: string, reason: unknown): HostStatus {
  const why = asDeployError(reason).message;
  const nothing = {
    problems: [],
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
  const facts = await session.request("facts");
  requireSetUp(session.name, facts);
  const standing = await standingOf(context.config, session, facts);
  const problems = standing.problems.map(({ message, fix }) => ({
    message,
    fix: withName(fix, context.config),
  }));
  const manifest = facts.releases.find((one) => one.id === standing.served?.release);
  return {
    host: session.name,
    release: standing.served?.release ?? null,
    revision: manifest?.revision ?? null,
    state: standing.served ? (manifest?.state ?? "unknown") : "nothing is live",
    slot: standing.served?.slot ?? null,
    workers: standing.workers,
    proven: standing.served !== null && problems.length === 0,
    proof: problems.length > 0 ? problems.map(({ message }) => message).join("; ") : standing.proof,
    problems,
    processes: Object.entries(facts.processes ?? {})
      .filter(([, seen]) => seen.release !== null || seen.pid > 0)
      .map(([name, seen]) => ({ name, release: seen.runs, pid: seen.pid || null })),
    lock: lockView(session.name, facts.lock),
    hold: facts.hold ?? null,
  };
}
