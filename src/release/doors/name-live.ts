import type { Asked } from "../../host/session.ts";
import type { HostRun } from "../hosts.ts";

/** Has a host's one link name a release (null: none). Until it has answered, nobody knows which one that is. */
export async function nameLive(
  host: HostRun,
  release: string | null,
  op: "switch" | "switch-back" | "port-back",
  args: object,
  to: Asked = host.session,
): Promise<void> {
  host.serving = null;
  await to.request(op, args);
  host.serving = release;
}
