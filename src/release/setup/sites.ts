import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import { siteLink } from "../../services/nginx.ts";
import { type ServerBlock, serverBlocks } from "../../services/nginx-read.ts";
import type { HostFacts } from "./facts.ts";
import { readSeal } from "./seal.ts";
import { unifiedDiff } from "./text.ts";

/**
 * Refuses (exit 7) when a site that we did not write answers to one of our names, or is the default where we would
 * be. nginx would take the first and ignore the other without an error. Debian's untouched default site may go.
 */
export function refuseForeignSites(
  config: Config,
  facts: HostFacts,
  site: { path: string; content: string },
): void {
  const ours = serverBlocks(site.content);
  for (const other of facts.sites) {
    if (other.path === siteLink(config.app) || other.realPath === site.path) continue;
    if (other.path.endsWith("/default") && facts.pristineDefault) continue;
    for (const block of serverBlocks(other.content)) {
      const shared = overlap(ours, block);
      if (shared !== null) throw foreignSite(config, other, shared, site);
    }
  }
}

/** Whether Debian's default site has to go: only one site can be the default. */
export function replacesDefault(facts: HostFacts, names: string[]): boolean {
  return names.length === 0 && (facts.pristineDefault || !facts.nginx);
}

function overlap(ours: ServerBlock[], other: ServerBlock): string | null {
  for (const block of ours) {
    if (!block.ports.some((port) => other.ports.includes(port))) continue;
    if (block.isDefault && other.isDefault) return "the default site";
    const name = block.names.find((name) => name !== "_" && other.names.includes(name));
    if (name !== undefined) return name;
  }
  return null;
}

function foreignSite(
  config: Config,
  other: HostFacts["sites"][number],
  shared: string,
  site: { path: string; content: string },
): DeployError {
  const seal = readSeal(other.content);
  const writer = seal ? `is the site of ${seal.for}` : "djdeploy did not write it";
  const byName = shared !== "the default site";
  return new DeployError(
    "setup.foreign-site",
    ExitCode.refused,
    `${other.realPath} already serves ${shared}, and ${writer}`,
    {
      expected: `only ${site.path} serves ${shared}`,
      seen: other.path,
      hint: byName
        ? "remove that site, take the name out of it, or set `nginx: none` and let it proxy to " +
          `unix:${config.release.path}/run/web.sock`
        : "name this one in djdeploy.yml (`domains:` or `url:`), or make that site no default",
      output: unifiedDiff(other.realPath, other.content, site.content),
    },
  );
}
