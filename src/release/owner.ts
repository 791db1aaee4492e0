import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { checkOwner, isOldLayout } from "../host/owner.ts";
import { notSetUp } from "../host/refusal.ts";
import type { HostFacts } from "../host/types.ts";
import type { Problem } from "../plan/agreement.ts";
import { configOn } from "../plan/roles.ts";
import { doorOf, doorText } from "../services/door.ts";
import { setupHash, unfinished } from "./setup/files.ts";
import { needsOfOwner } from "./setup/needs.ts";

/** The folder must be this application's, this environment's and this repository's: exit 7 otherwise. */
export function requireOwner(
  config: Config,
  repository: string | null,
  host: string,
  facts: HostFacts,
): void {
  if (!facts.owner) throw notSetUp(host);
  const moved = behindLink(config, facts);
  if (moved) {
    throw new DeployError("host.linked-path", ExitCode.refused, moved.message, {
      host,
      expected:
        "a release.path without links on its way: a release is proven by the folder that its processes work in",
      seen: `it is ${facts.real}`,
      hint: moved.fix,
    });
  }
  checkOwner(facts.owner, config, repository);
  if (isOldLayout(facts.owner)) throw oldLayout(config, host);
  const wanted = doorText(doorOf(configOn(config, host).server));
  const wired = facts.owner.door ?? "link";
  if (wired !== wanted) {
    throw new DeployError(
      "host.other-door",
      ExitCode.failed,
      `${host} is not set up for ${wanted === "none" || wired === "none" ? "these roles" : "this server.listen"}`,
      {
        host,
        expected: doorWords(wanted),
        seen: doorWords(wired),
        hint: `djdeploy setup ${config.environment} --user root wires it; --dry-run shows what it would write`,
      },
    );
  }
  if (endsWithLogin(facts)) {
    const { user } = facts.owner;
    throw new DeployError(
      "host.no-linger",
      ExitCode.failed,
      `${host} would end the services of ${user} with its last login`,
      {
        host,
        expected: `lingering for ${user}`,
        seen: "none",
        hint: `loginctl enable-linger ${user}, which root may have to run`,
      },
    );
  }
  if (facts.owner.setup === unfinished) {
    throw new DeployError("host.setup-unfinished", ExitCode.failed, `setup broke off on ${host}`, {
      host,
      hint: `run it again, it goes on where it stopped: djdeploy setup ${config.environment} --user root`,
    });
  }
}

/** What to do about a folder that was moved away since setup, with a link in its place. */
export function behindLink({ release, environment }: Config, { real }: HostFacts): Problem | null {
  if (real === undefined || real === release.path) return null;
  return {
    message: `${release.path} leads through a link`,
    fix: `write to djdeploy.yml: release: {path: ${real}}, and run djdeploy setup ${environment}; or mount the folder (mount --bind) where the link is`,
  };
}

/** What is said of a host where one user still deploys and runs (exit 7). */
export function oldLayout({ environment, release }: Config, host: string): DeployError {
  return new DeployError(
    "host.old-layout",
    ExitCode.refused,
    `${host} was set up by an older djdeploy: what runs there may change its own code and secrets`,
    {
      host,
      expected: `one user that deploys ${release.path} and another that it runs as`,
      seen: "one that does both",
      hint: `djdeploy setup ${environment} --user root moves it; the site is served meanwhile, --dry-run shows each step`,
    },
  );
}

/** Without root: systemd stops a user's services when the last login ends, unless it lingers. */
export function endsWithLogin({ owner, lingers }: HostFacts): boolean {
  return owner?.manager.scope === "user" && lingers === false;
}

function doorWords(door: string): string {
  if (door === "none") return "no web server";
  return door === "link" ? "a socket behind nginx" : door;
}

/**
 * What to say when setup would write something else today than it did (a changed manager, user, path, name, or a newer
 * djdeploy); null when not. A host that something else than setup prepared says so with a word of its own.
 */
export function setupNote(config: Config, host: string, facts: HostFacts): string | null {
  const { owner } = facts;
  if (!owner || !/^[0-9a-f]{16}$/.test(owner.setup)) return null;
  if (owner.setup === setupHash(configOn(config, host), needsOfOwner(owner))) return null;
  const who = config.server.scope === "user" ? "" : " --user root";
  return `setup would write other files now than it did: djdeploy setup ${config.environment}${who} --dry-run shows which`;
}
