import type { Config } from "../config/types.ts";

/**
 * The order in which hosts are switched: first the canaries, then batches of a share of all hosts, rounded up.
 * Hosts keep their order in djdeploy.yml. One host is one batch. Pure.
 */
export function rolloutBatches<H>(hosts: H[], rollout: Pick<Config["rollout"], "canary" | "batch">): H[][] {
  const canaries = hosts.length > 1 ? hosts.slice(0, rollout.canary) : [];
  const rest = hosts.slice(canaries.length);
  const share = Number.parseInt(rollout.batch, 10) / 100;
  const size = Math.max(1, Math.ceil(hosts.length * share));
  const batches = canaries.length > 0 ? [canaries] : [];
  for (let at = 0; at < rest.length; at += size) batches.push(rest.slice(at, at + size));
  return batches;
}
