import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Seen } from "../host/types.ts";
import { askedAs, frontText, probeHost, probeRequest } from "../plan/request.ts";
import { doorText } from "../services/door.ts";
import type { Slot } from "../services/types.ts";
import { askAgain, type ChainedStep } from "./chain.ts";
import { brokenOff, elsewhereHint, silentHint } from "./elsewhere.ts";
import type { HostRun } from "./hosts.ts";
import { lookByNewName } from "./new-name.ts";
import type { Recorder } from "./recorder.ts";
import { liveManifest } from "./rows.ts";

/**
 * What visitors get before anything is touched; `found` gets it, null where that can not be seen. A front door that
 * nobody answers, or that leads elsewhere than to the live release, would make every release fail behind the switch: it
 * is an error now, while nothing has happened. `config`: by which the release that follows will be asked.
 */
export function lookAtFront(
  config: Config,
  host: HostRun,
  recorder: Recorder,
  found: (seen: Seen | null) => void,
): ChainedStep {
  const { front, previous } = host.plan;
  if (host.plan.door.kind === "none") return () => async () => {};
  const live = liveManifest(host.facts);
  if (host.plan.door.kind !== "link" && (live?.door ?? null) !== doorText(host.plan.door)) {
    // A port answers only when a release serves it: the first one, or the first one there.
    return () => () =>
      recorder.step("front", host.name, async (voice) => voice.summary("nothing serves this port yet"));
  }
  const own = askedAs(config, live);
  const healthHost = probeHost(own, null);
  return (to) => {
    const asked = to.request("look", {
      where: front,
      release: previous?.release ?? null,
      expect: previous?.release ?? null,
      request: probeRequest(own, healthHost, null),
    });
    return () =>
      recorder.step("front", host.name, async (voice) => {
        const seen = await asked;
        const door = frontText(front);
        // A live release that hangs, is dead or answers nonsense is a reason to deploy; a door that does not open is none.
        if (seen.error && !(previous && (seen.error === timedOut || brokenOff.test(seen.error))))
          throw silentDoor(config, host, seen.upgraded ?? door, seen);
        const led = previous && (await lookByNewName(config, own, host, seen));
        if (led) {
          voice.note(`${door} shows the live release as ${led.name} and no longer as ${healthHost}`);
          voice.summary(`${led.seen.status} from ${previous.release}`);
          found(led.seen);
          return askAgain;
        }
        if (previous && seen.release !== previous.release) {
          await requireDead(config, own, host, previous, door, seen);
          voice.note(
            `${door} does not show the live release ${previous.release}, which does not answer itself`,
            "warning",
          );
          return askAgain;
        }
        if (seen.upgraded)
          voice.note(
            `${door} sends visitors on to ${seen.upgraded}, and was asked there; front.scheme: https in djdeploy.yml asks there at once`,
          );
        voice.summary(
          previous ? `${seen.status} from ${previous.release}` : `${seen.status}, nothing is live yet`,
        );
        if (previous) found(seen);
      });
  };
}

const timedOut = "no answer in time";

/** The live release answers on its own socket while the front door shows something else: it leads elsewhere. */
async function requireDead(
  config: Config,
  own: Config,
  host: HostRun,
  previous: { slot: Slot; release: string },
  door: string,
  seen: Seen,
): Promise<void> {
  // On a port there is no other way to ask it.
  if (host.plan.door.kind !== "link") return;
  const itself = await host.session.request("look", {
    where: { slot: previous.slot },
    release: previous.release,
    request: probeRequest(own, probeHost(own, null), null),
  });
  if (itself.release !== previous.release) return;
  if (brokenOff.test(seen.error ?? "")) throw silentDoor(config, host, door, seen);
  throw new DeployError(
    "front.elsewhere",
    ExitCode.failed,
    `the front door of ${host.name} does not lead to the live release`,
    {
      host: host.name,
      at: door,
      expected: `an answer from ${previous.release}, which answers on its own socket`,
      seen: `${seen.status}${seen.location ? ` → ${seen.location}` : ""} from something else`,
      hint: elsewhereHint(config, own, seen),
    },
  );
}

function silentDoor(config: Config, host: HostRun, door: string, seen: Seen): DeployError {
  return new DeployError(
    "front.silent",
    ExitCode.failed,
    `nothing answers at the front door of ${host.name}`,
    {
      host: host.name,
      at: door,
      seen: seen.error ?? "nothing",
      hint: silentHint(config, seen),
    },
  );
}
