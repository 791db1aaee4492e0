import { basename } from "node:path";
import { judge } from "../config/judge.ts";
import { toConfig } from "../config/resolve.ts";
import type { Config } from "../config/types.ts";
import { tryGit } from "../project/git.ts";

/**
 * The commit of the branch that a pull request goes to: what GitHub checks out is the merge, whose first parent is that
 * branch and whose second is the change. null where the clone does not hold it.
 */
export async function baseOf(directory: string): Promise<string | null> {
  const merge = await tryGit(directory, ["rev-parse", "--verify", "--quiet", "HEAD^2"]);
  const base = await tryGit(directory, ["rev-parse", "--verify", "--quiet", "HEAD^1"]);
  return merge.code === 0 && base.code === 0 ? base.stdout.toString("utf8").trim() : null;
}

/**
 * The configuration of a pull request with the hosts, users and pins of the branch it goes to: a change must not lead
 * the key to another host. null where the clone does not hold that branch, or it has no such environment.
 */
export async function withHostsOfBase(config: Config, commit: string): Promise<Config | null> {
  const base = await configAt(config, commit);
  if (base === null) return null;
  const { hosts, knownHosts, proxyJump, server, release } = base;
  return {
    ...config,
    hosts,
    knownHosts,
    proxyJump,
    server: { ...config.server, user: server.user, deployer: server.deployer },
    release: { ...config.release, path: release.path },
  };
}

/**
 * The names whose values a pull request's plan may take from the step's environment: those that the branch it goes to
 * names too. A change must not choose what of the step its own build backends are given.
 */
export async function namesOfBase(config: Config): Promise<{ secrets: string[]; install: string[] }> {
  const commit = await baseOf(config.directory);
  const base = commit && (await configAt(config, commit));
  if (!base) return { secrets: [], install: [] };
  return {
    secrets: config.env.secrets.filter((name) => base.env.secrets.includes(name)),
    install: config.python.env.filter((name) => base.python.env.includes(name)),
  };
}

async function configAt({ directory, file, environment }: Config, commit: string): Promise<Config | null> {
  const base = await tryGit(directory, ["show", `${commit}:./${basename(file)}`]);
  if (base.code !== 0) return null;
  const { environments, problems } = judge(base.stdout.toString("utf8"));
  const settings = environments.get(environment);
  if (problems.length > 0 || !settings) return null;
  return toConfig(file, environment, settings);
}
