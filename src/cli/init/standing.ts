import { existsSync } from "node:fs";
import { listEnvironments, loadConfig } from "../../config/load.ts";
import type { HostConfig } from "../../config/types.ts";
import { usageError } from "../../errors.ts";

/** What a djdeploy.yml that is there already says of what init would ask or find out. */
export interface Standing {
  app: string;
  host: string;
  url: string | null;
  /** Whether its https needs a certificate on the host. */
  needsCertificate: boolean;
  branch: string | null;
  secrets: string[];
  /** Where a build leaves what it made, relative to djdeploy.yml. */
  artifact: string | null;
}

/** Reads it; null where there is none. Throws where it is wrong, or has no such environment. */
export async function standingConfig(
  file: string,
  cwd: string,
  environment: string,
): Promise<Standing | null> {
  if (!existsSync(file)) return null;
  const known = await listEnvironments(file, cwd);
  if (!known.includes(environment)) {
    throw usageError("init.environment", `djdeploy.yml is there, without the environment ${environment}`, {
      seen: known.join(", "),
      hint: `add ${environment} to it, or name one that it has: djdeploy init ${known[0] ?? "NAME"}`,
    });
  }
  const config = await loadConfig({ file, cwd, environment });
  const [host] = config.hosts;
  return {
    app: config.app,
    host: host ? written(host) : "HOST",
    url: config.url,
    needsCertificate: config.tls === "none",
    branch: config.branches?.length === 1 && !/[*?[]/.test(config.branches[0]!) ? config.branches[0]! : null,
    secrets: config.env.secrets,
    artifact: config.build.artifact,
  };
}

function written({ user, host, port }: HostConfig): string {
  const place = port === null ? host : host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return user === null ? place : `${user}@${place}`;
}
