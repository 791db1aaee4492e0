import { asDeployError } from "../../errors.ts";
import { layout } from "../../host/layout.ts";
import { type HostSession, openSession } from "../../host/session.ts";
import type { Emit } from "../../report/event.ts";
import type { HostFacts } from "./facts.ts";
import type { SetupInput } from "./input.ts";
import { isOneUsers } from "./owner-items.ts";
import type { Root } from "./root.ts";
import { runStep } from "./step.ts";

/**
 * Takes the lock of deploys on a host that is to be moved from an older layout, and keeps it until the session is closed: a
 * deploy in the middle of its work would find its folders given away, and one that begins meanwhile is told who is there.
 * The lock lies in a folder of the users', so the agent that holds it runs as its owner. null where nothing is to be
 * moved. Rejects with `lock.held` (exit 6) when a deploy holds it; nothing has been changed then.
 */
export async function lockForMove(
  root: Root,
  input: SetupInput,
  facts: HostFacts,
  run: string,
  emit: Emit,
): Promise<HostSession | null> {
  const user = ownerOfLock(input, facts);
  if (user === null) return null;
  const host = root.connection.name;
  const message = "no deploy runs here, and none begins until the host is moved";
  let session: HostSession | null = null;
  await runStep({ step: "lock", host, message }, emit, async () => {
    session = await openSession(host, {
      site: input.config.release.path,
      connect: async () => root.as(user),
      reconnectMs: [],
    });
    const who = { actor: root.connection.user, verb: "setup", revision: null, runUrl: null };
    await session.request("take-lock", { run, who }).catch(async (thrown) => {
      await session?.close();
      const error = asDeployError(thrown);
      if (error.code === "lock.held")
        error.details.hint =
          "let it end and run setup again; one that hangs is ended by the djdeploy that began it: djdeploy unlock ENV --force REASON";
      throw error;
    });
  });
  return session;
}

/** Frees it where that is still ours to do; the kernel frees it with the agent anyway. */
export async function unlockMoved(session: HostSession): Promise<void> {
  await session.request("unlock").catch(() => {});
  await session.close();
}

/**
 * Whose the lock is on a host of an older layout: the running user's, or the deploying one's where a move was cut off, which
 * may be between the folder and the file. Only a folder of root's is believed when it says the former was given away, and
 * what lies in that: below a folder of its own the running user names whom it likes.
 */
function ownerOfLock(input: SetupInput, facts: HostFacts): string | null {
  const { config } = input;
  const { user, deployer, scope } = config.server;
  const { path, own } = layout(config.release.path);
  if (scope === "user" || !isOneUsers(input, facts)) return null;
  const [place, folder, file] = [path, own, lockFile(own)].map((one) => facts.paths.get(one));
  if (folder?.type !== "folder") return null;
  const given = place?.type === "folder" && place.owner === "root" && folder.owner === deployer;
  const owner = given && !(file?.type === "file" && file.owner === user) ? deployer : user;
  return facts.users.has(owner) ? owner : null;
}

/** As djd_lock.py calls it. */
export const lockFile = (own: string): string => `${own}/lock`;
