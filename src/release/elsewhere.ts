import type { Config } from "../config/types.ts";
import type { Seen } from "../host/types.ts";
import { probeHost } from "../plan/request.ts";

/**
 * What to do where the front door answers with something else than the release that was asked. `asked`: by which
 * configuration (a release is asked by its own name).
 */
export function elsewhereHint(config: Config, asked: Config, seen: Pick<Seen, "location">): string {
  const name = probeHost(asked, null);
  const to = location(seen.location);
  if (to === null) {
    return config.nginx === "manage"
      ? "its site must pass to run/web.sock: djdeploy setup ENV --dry-run shows the difference"
      : `its site must pass ${name} to run/web.sock`;
  }
  const same = to.protocol === "https:" && to.hostname === new URL(`http://${name}`).hostname.toLowerCase();
  if (same && config.tls === "external")
    return "this web server ends TLS itself (it sends visitors to HTTPS), and tls: external says that something before it does: write to djdeploy.yml front: {scheme: https} in place of tls: external";
  if (same && config.front.trustedProxies.length > 0)
    return "this web server ends TLS itself (it sends visitors to HTTPS), and front.trusted-proxies says that something before it does: write to djdeploy.yml front: {scheme: https} in its place";
  if (same) return "it sends visitors to HTTPS: write to djdeploy.yml front: {scheme: https}";
  return `it was asked as ${name} and sends visitors to ${to.hostname}: write that as url (or health.host) to djdeploy.yml; else its site must pass ${name} to run/web.sock`;
}

/** What to do where nobody answers. */
export function silentHint({ nginx }: Config): string {
  const start = "start the web server (systemctl status nginx)";
  return nginx === "manage"
    ? `${start}; where front.port or the names are new, djdeploy setup ENV writes the site for them; else set front.address and front.port`
    : `${start}, or set front.address and front.port`;
}

function location(text: string | null): URL | null {
  return text !== null && URL.canParse(text) ? new URL(text) : null;
}
