import type { Asked } from "../../host/session.ts";
import type { HostRun } from "../hosts.ts";

/**
 * Has a host's one link name a release (null: none). Until it has answered, nobody knows which one that is. Answers
 * whether it named another one before.
 */
export async function nameLive(
  host: HostRun,
  release: string | null,
  op: "switch" | "switch-back" | "port-back",
  args: object,
  to: Asked = host.session,
): Promise<boolean> {
  const before = host.serving;
  const wasReachable = host.session.reachable;
  host.serving = null;
  try {
    const answer = await to.request<{ moved?: boolean } | undefined>(op, args);
    host.serving = release;
    return answer?.moved !== false;
  } finally {
    // What was asked of a host that was out of reach, and still is, was never sent.
    if (!wasReachable && !host.session.reachable) host.serving = before;
  }
}
