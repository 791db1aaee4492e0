import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { type Owner, rootedLayout } from "../services/types.ts";

/** owner.json as read on a host; null when it is none. */
export function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Owner;
    const known = [1, 2, rootedLayout].includes(owner?.version);
    return known && typeof owner.app === "string" && typeof owner.manager === "object" ? owner : null;
  } catch {
    return null;
  }
}

/** Whether root's setup has to move a host to today's layout: one user both deploys and runs the application. */
export function isOldLayout(owner: Owner): boolean {
  return (
    owner.version < rootedLayout && owner.manager?.scope !== "user" && /^[0-9a-f]{16}$/.test(owner.setup)
  );
}

/**
 * Refuses (exit 7) a folder that belongs to another application, environment or repository. A folder whose owner had
 * no repository address may get one.
 */
export function checkOwner(
  owner: Owner,
  config: Pick<Config, "app" | "environment" | "release">,
  repository: string | null,
): void {
  const { path } = config.release;
  if (owner.app !== config.app) throw foreign("app", path, owner.app, config.app);
  if (owner.environment !== config.environment) {
    throw foreign("environment", path, owner.environment, config.environment);
  }
  if (owner.repository !== null && owner.repository !== repository) {
    throw foreign("repository", path, owner.repository, repository ?? "a checkout without the remote origin");
  }
}

function foreign(what: "app" | "environment" | "repository", path: string, seen: string, expected: string) {
  return new DeployError(
    `owner.other-${what}`,
    ExitCode.refused,
    `${path} belongs to another ${what}: ${seen}`,
    { expected, seen, hint: "give this one its own `app:` or `release.path:` in djdeploy.yml" },
  );
}
