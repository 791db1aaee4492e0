import type { Config } from "../config/types.ts";
import type { Seen } from "../host/types.ts";
import { probeHost } from "../plan/request.ts";

/**
 * What to do where the front door answers with something else than the release that was asked. `asked`: by which
 * configuration (a release is asked by its own name).
 */
export function elsewhereHint(
  config: Config,
  asked: Config,
  seen: Pick<Seen, "location" | "status" | "upgraded">,
): string {
  const name = probeHost(asked, null);
  const to = location(seen.location);
  if (to === null) {
    if (seen.status === 401 || seen.status === 403)
      return `a web server that itself asks for a password, or lets some addresses in only, has to let this host in: in nginx  satisfy any; allow 127.0.0.1;  Else its site must pass ${name} to run/web.sock`;
    return config.nginx === "manage"
      ? "its site must pass to run/web.sock: djdeploy setup ENV --dry-run shows the difference"
      : `its site must pass ${name} to run/web.sock`;
  }
  const itself = to.hostname === new URL(`http://${name}`).hostname.toLowerCase();
  const same = to.protocol === "https:" && itself;
  if (seen.upgraded && itself)
    return `it sends visitors to ${seen.upgraded} and from there to ${to.href}, in a circle: one of the two redirects has to go`;
  if (same && config.tls === "external")
    return "this web server ends TLS itself (it sends visitors to HTTPS), and tls: external says that something before it does: write to djdeploy.yml front: {scheme: https} in place of tls: external";
  if (same && config.front.trustedProxies.length > 0)
    return "this web server ends TLS itself (it sends visitors to HTTPS), and front.trusted-proxies says that something before it does: write to djdeploy.yml front: {scheme: https} in its place";
  if (same) return "it sends visitors to HTTPS: write to djdeploy.yml front: {scheme: https}";
  return `it was asked as ${name} and sends visitors to ${to.hostname}: write that as url (or health.host) to djdeploy.yml; else its site must pass ${name} to run/web.sock`;
}

/** A connection was made, and no whole answer came: the exceptions of Python's http.client, and a reset. */
export const brokenOff =
  /^(?:RemoteDisconnected|ConnectionResetError|IncompleteRead|BadStatusLine|LineTooLong|UnknownProtocol|HTTPException)\b/;

/** What to do where nobody answers. */
export function silentHint({ nginx }: Config, seen: Pick<Seen, "error" | "upgraded">): string {
  if (seen.upgraded)
    return `the web server sends visitors to ${seen.upgraded}, and that is where nothing answers: let it listen there too (systemctl status nginx), or take the redirect out`;
  if (brokenOff.test(seen.error ?? ""))
    return "something takes the connection and gives no whole answer (nginx does with return 444): its site for this name must pass to run/web.sock";
  const start = "start the web server (systemctl status nginx)";
  return nginx === "manage"
    ? `${start}; where front.port or the names are new, djdeploy setup ENV writes the site for them; else set front.address and front.port`
    : `${start}, or set front.address and front.port`;
}

function location(text: string | null): URL | null {
  return text !== null && URL.canParse(text) ? new URL(text) : null;
}
