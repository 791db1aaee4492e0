import type { HostFacts } from "../host/types.ts";
import { changedByHand, mending } from "../plan/agreement.ts";
import type { Begun } from "./begin.ts";
import type { Recorder } from "./recorder.ts";

/**
 * Says what hands changed on a host, and puts the links back under the release that runs, so that a failure of this
 * run leaves that one whole. Answers the facts as they are then.
 */
export async function mend({ name, session, facts }: Begun, recorder: Recorder): Promise<HostFacts> {
  const problems = changedByHand(facts);
  for (const { message } of problems) recorder.note(message, { host: name, level: "warning" });
  const links = mending(facts);
  const changes = Object.entries(links);
  if (changes.length === 0) return facts;
  return recorder.step("mend", name, async (voice) => {
    await session.request("mend", links);
    voice.summary(
      changes
        .flatMap(([link, to]) =>
          typeof to === "string"
            ? [link === "web" ? `run/web.sock names ${to}` : `${link} names ${to}`]
            : Object.entries(to ?? {}).map(([slot, release]) => `slots/${slot} names ${release}`),
        )
        .join(", "),
    );
    return session.request("begin", { lock: false, base: facts.base !== undefined });
  });
}
