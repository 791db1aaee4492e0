import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Seen } from "../host/types.ts";
import { probeHost, probeRequest } from "../plan/request.ts";
import type { HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";

/**
 * What visitors get before anything is touched. A front door that nobody answers, or that leads elsewhere than to the
 * live release, would make every release fail behind the switch: it is an error now, while nothing has happened.
 */
export async function lookAtFront(config: Config, host: HostRun, recorder: Recorder): Promise<Seen | null> {
  return recorder.step("front", host.name, async (voice) => {
    const live = host.facts.releases.find((release) => release.live);
    const healthHost = live?.healthHost ?? probeHost(config, null);
    const { front, previous } = host.plan;
    const seen = await host.session.request<Seen>("look", {
      where: front,
      release: previous?.release ?? null,
      request: probeRequest(config, healthHost, null),
    });
    const door = `${front.tls ? "https" : "http"}://${front.address}:${front.port}`;
    if (seen.error && !previous) {
      throw new DeployError(
        "front.silent",
        ExitCode.failed,
        `nothing answers at the front door of ${host.name}`,
        {
          host: host.name,
          at: door,
          seen: seen.error,
          hint: "start the web server (systemctl status nginx), or set front.address and front.port",
        },
      );
    }
    if (previous && seen.release !== previous.release) {
      voice.note(
        seen.error
          ? `${door} does not answer (${seen.error}); the live release can not be compared with`
          : `${door} answered ${seen.status}, but not from the live release ${previous.release}`,
        "warning",
      );
      return null;
    }
    voice.summary(
      previous ? `${seen.status} from ${previous.release}` : `${seen.status}, nothing is live yet`,
    );
    return previous ? seen : null;
  });
}
