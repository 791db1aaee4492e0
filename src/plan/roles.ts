import type { Config } from "../config/types.ts";
import { nowhere } from "../services/door.ts";

/** Whether a host serves visitors; one that does not runs `processes` only. */
export function servesWeb(config: Config, host: string): boolean {
  return config.hosts.find((one) => one.name === host)?.roles.includes("web") ?? true;
}

/** What the configuration means on one host: who deploys there; without the role web nothing listens there, and nginx has nothing to do. */
export function configOn(config: Config, host: string): Config {
  const deployer = config.hosts.find((one) => one.name === host)?.user ?? config.server.deployer;
  const server = { ...config.server, deployer };
  if (servesWeb(config, host)) return { ...config, server };
  return { ...config, nginx: "none", server: { ...server, listen: nowhere } };
}

/**
 * The host that acts for the whole fleet: it migrates, is asked what the database has, and runs `run`. The first that
 * serves the web, for hosts of workers come and go; else the first.
 */
export function leaderOf<H extends { name: string }>(config: Config, hosts: readonly H[]): H {
  const leader = hosts.find(({ name }) => servesWeb(config, name)) ?? hosts[0];
  if (!leader) throw new Error("no hosts");
  return leader;
}
