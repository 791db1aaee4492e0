import { DeployError, ExitCode } from "../errors.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import { lockView } from "./rows.ts";
import type { LockView, RunContext, UnlockView } from "./types.ts";

/** Who holds the locks; with a reason in `force`, ends the holders that still live. */
export async function unlock(context: RunContext, options: { force: string | null }): Promise<UnlockView> {
  const locks: LockView[] = [];
  const ended: string[] = [];
  await withHosts(context, async (session) => {
    const facts = await session.request("facts");
    requireSetUp(session.name, facts);
    const lock = lockView(session.name, facts.lock);
    if (!lock) return;
    locks.push(lock);
    if (options.force === null) return;
    const answer = await session.request("end-holder", {
      reason: context.redact(options.force),
      actor: context.actor,
    });
    if (!answer.free) {
      throw new DeployError(
        "unlock.still-held",
        ExitCode.failed,
        `the lock on ${session.name} is still held`,
        {
          host: session.name,
          seen: `${lock.actor}, since ${lock.since}`,
        },
      );
    }
    ended.push(session.name);
  });
  return { environment: context.config.environment, locks, ended };
}
