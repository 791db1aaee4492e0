import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Seen } from "../host/types.ts";
import { frontText, probeHost, probeRequest } from "../plan/request.ts";
import type { HostRun } from "./hosts.ts";

/**
 * Where the release that follows will be asked by another name than the live one, the front door has to lead there by that
 * name as well: else the release would fail behind the switch. Throws where it does not; it is the live release that has to
 * answer, if only to refuse the name.
 *
 * `own`: by which the live release is asked; `seen`: its answer by that name. Answers what it says where the web server
 * knows the new name only; null where the old name still leads to it, or both lead nowhere.
 */
export async function lookByNewName(
  config: Config,
  own: Config,
  host: HostRun,
  seen: Seen,
): Promise<{ name: string; seen: Seen } | null> {
  const { front, previous, door } = host.plan;
  const [name, before] = [probeHost(config, null), probeHost(own, null)];
  if (!previous || door.kind === "none" || !isNamed(config) || name === before || seen.error) return null;
  const { release, slot } = previous;
  const led = await host.session.request("look", {
    where: front,
    release,
    request: probeRequest(own, name, null),
  });
  if (seen.release === release) {
    if (led.error === null && led.release !== release) throw notLed(config, host, name, before, led);
    return null;
  }
  if (led.release !== release) return null;
  if (door.kind !== "link") return { name, seen: led };
  // By that name it may refuse everybody; what it answers by its own is what visitors got.
  const itself = await host.session.request("look", {
    where: { slot },
    release,
    request: probeRequest(own, before, null),
  });
  return { name, seen: itself.release === release ? itself : led };
}

/** Else the release's own ALLOWED_HOSTS name it, and nobody has asked those yet. */
function isNamed({ health, url, domains }: Config): boolean {
  return health.host !== "auto" || url !== null || domains.length > 0;
}

function notLed(config: Config, host: HostRun, name: string, before: string, seen: Seen): DeployError {
  return new DeployError(
    "front.elsewhere",
    ExitCode.failed,
    `the front door of ${host.name} does not lead to the application as ${name}`,
    {
      host: host.name,
      at: `${frontText(host.plan.front)} (Host: ${name})`,
      expected: `an answer from ${host.plan.previous?.release}, which answers as ${before}`,
      seen: `${seen.status}${seen.location ? ` → ${seen.location}` : ""} from something else`,
      hint:
        config.nginx === "manage"
          ? `run djdeploy setup ENV: it writes the site for ${config.domains.join(", ") || name}. With both names in domains and ALLOWED_HOSTS nobody is left without an answer until the next deploy`
          : `its site must pass ${name} to run/web.sock, too (server_name)`,
    },
  );
}
