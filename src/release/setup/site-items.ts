import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import type { CertificateFiles } from "../../services/certificate.ts";
import { siteFile, siteLink } from "../../services/nginx.ts";
import type { HostFacts } from "./facts.ts";
import { rootFile } from "./file-items.ts";
import { siteOf } from "./files.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";
import { readSeal } from "./seal.ts";
import { refuseForeignSites, replacesDefault } from "./sites.ts";

/** Whether the site is enabled. Something else under its name is refused. */
function isLinked(config: Config, facts: HostFacts, site: { path: string; content: string }): boolean {
  const path = siteLink(config.app);
  const fact = facts.paths.get(path);
  const targets = [`../sites-available/${config.app}`, site.path];
  if (fact === undefined || (fact.type === "link" && targets.includes(fact.target)))
    return fact !== undefined;
  throw new DeployError("setup.foreign-site", ExitCode.refused, `${path} is not ours to write`, {
    expected: `no such file, or a link to ${site.path}`,
    seen: fact.type === "link" ? `a link to ${fact.target}` : `a ${fact.type}`,
    hint: "move it away and run setup again, or set `nginx: none`",
  });
}

/** The site of a host that no longer serves the web: taken away, if it is ours. */
export function goneSite(config: Config, facts: HostFacts): SetupItem[] {
  const path = siteFile(config.app);
  const fact = facts.paths.get(path);
  const seal = fact?.type === "file" ? readSeal(fact.content ?? "") : null;
  if (seal?.for !== `${config.app}/${config.environment}`) return [];
  return [item("nginx", false, `remove ${path}, reload`, "setup-unsite.sh", [path, siteLink(config.app)])];
}

/**
 * The nginx site: written, enabled, tested and loaded as one step, `settled` when the last setup came to its end. `shown`:
 * the certificate that it shows; absent = the configured one. Throws (exit 7) when another site is in the way.
 */
export function siteItem(
  { config, needs }: SetupInput,
  facts: HostFacts,
  settled: boolean,
  shown?: CertificateFiles | null,
): SetupItem {
  const site = siteOf(config, needs, facts.ipv6, shown);
  refuseForeignSites(config, facts, site);
  const file = rootFile({ name: "nginx", ...site, mode: "644", check: "none" }, config, facts, "site");
  const linked = isLinked(config, facts, site);
  const drops = replacesDefault(facts, site.names);
  const message = `${site.path}, enabled, nginx -t, reload${drops ? "; Debian's untouched default site is disabled" : ""}`;
  return item(
    "nginx",
    settled && file.unchanged && linked && !(drops && facts.nginx),
    message,
    "setup-site.sh",
    [config.app, drops ? "drop" : "keep"],
    { content: site.content, diff: file.diff },
  );
}
