import type { ProbeAnswer } from "../../host/types.ts";
import { probeRequest } from "../../plan/request.ts";
import type { Activation } from "../attempt-state.ts";
import type { HostRun } from "../hosts.ts";
import { askedAt, badAnswer } from "../slots.ts";

/**
 * Starts a release on its port and waits until visitors get good answers from it. `join`: the one before serves that
 * port too, and goes on. `take`: only one server can have it, and the one before has ended.
 */
export async function startOnPort(
  how: "join" | "take",
  { config, release, healthHost, liveStatus }: Activation,
  host: HostRun,
): Promise<ProbeAnswer> {
  const { slot, front, previous } = host.plan;
  host.started.set(slot, Promise.resolve(true));
  const answer = await host.session.request(how, {
    slot,
    release,
    where: front,
    request: probeRequest(config, healthHost, liveStatus),
    deadline: config.health.deadlineMs / 1000,
    successes: config.health.successes,
    beside: previous?.release ?? null,
  });
  if (answer.ok) return answer;
  throw badAnswer(config, host, answer, "front.failed", askedAt(config, host, healthHost));
}
