import type { AnswerOf } from "../../host/protocol.ts";
import type { HostRun } from "../hosts.ts";

/**
 * Has a host's one link name a release (null: none), by what `ask` asks of it. Until it has answered, nobody knows which one that is. Answers
 * whether it named another one before.
 */
export async function nameLive(
  host: HostRun,
  release: string | null,
  ask: () => Promise<AnswerOf<"switch" | "switch-back" | "port-back">>,
): Promise<boolean> {
  const before = host.serving;
  const wasReachable = host.session.reachable;
  host.serving = null;
  try {
    const { moved } = await ask();
    host.serving = release;
    return moved !== false;
  } finally {
    // What was asked of a host that was out of reach, and still is, was never sent.
    if (!wasReachable && !host.session.reachable) host.serving = before;
  }
}
