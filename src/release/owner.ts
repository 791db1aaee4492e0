import type { Config } from "../config/types.ts";
import { checkOwner } from "../host/owner.ts";
import { notSetUp } from "../host/refusal.ts";
import type { HostFacts } from "../host/types.ts";

/** The folder must be this application's, this environment's and this repository's: exit 7 otherwise. */
export function requireOwner(
  config: Config,
  repository: string | null,
  host: string,
  facts: HostFacts,
): void {
  if (!facts.owner) throw notSetUp(host);
  checkOwner(facts.owner, config, repository);
}
