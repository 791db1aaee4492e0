import { basename } from "node:path";
import { judge } from "../config/judge.ts";
import { toConfig } from "../config/resolve.ts";
import type { Config } from "../config/types.ts";
import { tryGit } from "../project/git.ts";

/**
 * The configuration of a pull request with the hosts, users and pins of the branch it goes to: a change must not lead
 * the key to another host. null where the clone does not hold that branch, or it has no such environment.
 */
export async function withHostsOfBase(config: Config): Promise<Config | null> {
  const { directory, file, environment } = config;
  // What GitHub checks out is the merge; its first parent is the branch, its second the change.
  const merge = await tryGit(directory, ["rev-parse", "--verify", "--quiet", "HEAD^2"]);
  const base = await tryGit(directory, ["show", `HEAD^1:./${basename(file)}`]);
  if (merge.code !== 0 || base.code !== 0) return null;
  const { environments, problems } = judge(base.stdout.toString("utf8"));
  const settings = environments.get(environment);
  if (problems.length > 0 || !settings) return null;
  const { hosts, knownHosts, proxyJump, server, release } = toConfig(file, environment, settings);
  return {
    ...config,
    hosts,
    knownHosts,
    proxyJump,
    server: { ...config.server, user: server.user },
    release: { ...config.release, path: release.path },
  };
}
