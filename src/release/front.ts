import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Seen } from "../host/types.ts";
import { askedAs, probeHost, probeRequest } from "../plan/request.ts";
import { doorText } from "../services/door.ts";
import type { Slot } from "../services/types.ts";
import { askAgain, type ChainedStep } from "./chain.ts";
import type { HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import { liveManifest } from "./rows.ts";

/**
 * What visitors get before anything is touched; `found` gets it, null where that can not be seen. A front door that
 * nobody answers, or that leads elsewhere than to the live release, would make every release fail behind the switch: it
 * is an error now, while nothing has happened.
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
  const under = (name: string) => ({
    where: front,
    release: previous?.release ?? null,
    expect: previous?.release ?? null,
    request: probeRequest(own, name, null),
  });
  return (to) => {
    const asked = to.request("look", under(healthHost));
    return () =>
      recorder.step("front", host.name, async (voice) => {
        let seen = await asked;
        const door = `${front.tls ? "https" : "http"}://${front.address}:${front.port}`;
        // A live release that hangs or is dead is a reason to deploy; a door that does not open is none.
        if (seen.error && !(previous && seen.error === timedOut)) throw silentDoor(host, door, seen.error);
        const name = probeHost(config, null);
        if (previous && seen.release !== previous.release && name !== healthHost) {
          // The site has a new name, and the web server knows the new one only.
          const renamed = await host.session.request("look", under(name));
          if (renamed.release === previous.release) {
            voice.note(`${door} shows the live release as ${name} and no longer as ${healthHost}`);
            seen = renamed;
          }
        }
        if (previous && seen.release !== previous.release) {
          await requireDead(own, host, previous, healthHost, door, seen);
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
  host: HostRun,
  previous: { slot: Slot; release: string },
  healthHost: string,
  door: string,
  seen: Seen,
): Promise<void> {
  // On a port there is no other way to ask it.
  if (host.plan.door.kind !== "link") return;
  const own = await host.session.request("look", {
    where: { slot: previous.slot },
    release: previous.release,
    request: probeRequest(config, healthHost, null),
  });
  if (own.release !== previous.release) return;
  throw new DeployError(
    "front.elsewhere",
    ExitCode.failed,
    `the front door of ${host.name} does not lead to the live release`,
    {
      host: host.name,
      at: door,
      expected: `an answer from ${previous.release}, which answers on its own socket`,
      seen: `${seen.status}${seen.location ? ` → ${seen.location}` : ""} from something else`,
      hint: seen.location
        ? `it was asked as ${healthHost}: url, domains or health.host in djdeploy.yml name another, front.scheme another scheme; else its site must pass to run/web.sock`
        : "its site must pass to run/web.sock: djdeploy setup ENV --dry-run shows the difference",
    },
  );
}

function silentDoor(host: HostRun, door: string, seen: string): DeployError {
  return new DeployError(
    "front.silent",
    ExitCode.failed,
    `nothing answers at the front door of ${host.name}`,
    {
      host: host.name,
      at: door,
      seen,
      hint: "start the web server (systemctl status nginx), or set front.address and front.port",
    },
  );
}
