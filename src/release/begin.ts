import { randomBytes } from "node:crypto";
import type { HostSession } from "../host/session.ts";
import type { HostFacts } from "../host/types.ts";
import { openHost } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

/** A run's own name: sorts by time, unique. */
export function newRunId(now = new Date()): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
}

export interface Who {
  verb: string;
  revision: string | null;
}

export interface Begun {
  name: string;
  session: HostSession;
  facts: HostFacts;
}

/**
 * Connects to every host, takes the lock and reads the facts: one round trip a host behind the handshake.
 * Hosts are locked in the order of their names, so that two runs never wait for each other.
 * When one host fails, all that were opened are closed, which frees their locks.
 */
export async function beginOnHosts(
  context: RunContext,
  recorder: Recorder,
  run: string,
  who: Who,
  options: { wait: boolean; base: boolean },
): Promise<Begun[]> {
  const opened: Begun[] = [];
  const args = {
    run,
    who: { actor: context.actor, verb: who.verb, revision: who.revision, runUrl: context.runUrl },
    wait: options.wait ? 3600 : 0,
    lock: true,
    base: options.base,
  };
  const targets = [...context.targets].sort((a, b) => (a.name < b.name ? -1 : 1));
  try {
    for (const target of targets) {
      const begun = await recorder.step("connect", target.name, async (voice) => {
        const session = await openHost(context, target, {
          recorder,
          resume: async (again) => {
            await again.request("begin", { ...args, base: false });
          },
        });
        const onLog = (log: unknown) => voice.note(`waiting for the lock: ${waitingFor(log)}`);
        try {
          const facts = await session.request<HostFacts>("begin", args, { onLog });
          voice.summary(`${facts.os.name}, lock taken`);
          return { name: target.name, session, facts };
        } catch (error) {
          await session.close();
          throw error;
        }
      });
      opened.push(begun);
    }
  } catch (error) {
    await Promise.all(opened.map((host) => host.session.close()));
    throw error;
  }
  return opened;
}

function waitingFor(log: unknown): string {
  const holder = (log as { waiting?: { actor?: string; verb?: string } }).waiting;
  return `${holder?.actor ?? "another run"} holds it${holder?.verb ? ` (${holder.verb})` : ""}`;
}
