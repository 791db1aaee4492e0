import type { Config } from "../config/types.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts } from "../host/types.ts";
import { type Server, servers } from "../services/servers/index.ts";
import type { Place } from "../services/types.ts";
import type { Recorder } from "./recorder.ts";
import { sweptText } from "./sweep.ts";

/** The end of a slot that visitors may have reached. */
export interface Ending {
  host: { name: string; session: HostSession; facts: HostFacts };
  step: string;
  slot: Place;
  /** What ran in the slot. */
  release: string | null;
  /** What runs other releases than this one outside of every service is ended and said; null = nobody asks. */
  next: string | null;
  /**
   * How long is waited for its answers before it is told to stop, in ms, where its server cuts them then. 0: it is the
   * only one that visitors reach, and would never be free.
   */
  patienceMs: number;
}

/**
 * Stops a slot as kindly as its server can: who is connected is told to come again, what is being answered is finished
 * within the limits, and what they cut is counted and said. Answers how long that took, in ms.
 */
export async function retire(config: Config, ending: Ending, recorder: Recorder): Promise<number> {
  const { host, step, slot, release, next } = ending;
  const { finishes } = serverOf(host.facts, release);
  const ended = await host.session.request("retire", {
    slot,
    release: next,
    patience: Math.max(0, ending.patienceMs) / 1000,
    finishes,
    limit: config.server.stopTimeoutMs / 1000,
  });
  if (ended.cut)
    recorder.cut(host.name, step, ended.cut, {
      release: release ?? slot,
      key: ended.finishes ? "server.stop-timeout" : ending.patienceMs > 0 ? "drain.max" : null,
    });
  for (const sentence of sweptText(ended))
    recorder.note(sentence, { host: host.name, step, level: "warning" });
  return ended.ms;
}

/** For a release that was made before releases said it themselves. */
function serverOf(facts: HostFacts, release: string | null): Server {
  return servers[facts.releases.find(({ id }) => id === release)?.server ?? "gunicorn"];
}
