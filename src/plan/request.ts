import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { FrontDoor, Manifest, ProbeRequest } from "../host/types.ts";
import { doorOf } from "../services/door.ts";

/** Where the host's own front door answers. A port of the release's own is the front door unless told otherwise. */
export function frontDoor(config: Config): FrontDoor {
  const door = doorOf(config.server);
  if ("port" in door && config.front.port === "auto") {
    const { host, port } = door;
    return { address: isEverywhere(host) ? config.front.address : host, port, tls: false };
  }
  const auto =
    config.nginx === "manage" ? typeof config.tls === "object" : isHttps(config) && !endsTlsBefore(config);
  const tls = config.front.scheme === "auto" ? auto : config.front.scheme === "https";
  const port = config.front.port === "auto" ? (tls ? 443 : 80) : config.front.port;
  return { address: config.front.address, port, tls };
}

/** `https://127.0.0.1:443`. */
export function frontText({ tls, address, port }: FrontDoor): string {
  return `${tls ? "https" : "http"}://${address}:${port}`;
}

/** A balancer before the hosts ends TLS and says in X-Forwarded-Proto how the visitor came. */
export function endsTlsBefore({ tls, front }: Config): boolean {
  return tls === "external" || (tls === "none" && front.trustedProxies.length > 0);
}

function isHttps({ url }: Config): boolean {
  return (url ?? "").startsWith("https:");
}

function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/**
 * The scheme that the application is told by X-Forwarded-Proto. It must be the same on the private socket and through
 * the front door: a redirect to HTTPS would else pass the one and fail the other, for ever.
 */
export function probeScheme(config: Config): "http" | "https" {
  if (config.health.scheme !== "auto") return config.health.scheme;
  if (config.tls === "external" || (endsTlsBefore(config) && isHttps(config))) return "https";
  return frontDoor(config).tls ? "https" : "http";
}

/** The name the probe asks for: `health.host`, the host of `url`, the first domain, the first public allowed host. */
export function probeHost(config: Config, allowedHosts: string[] | null): string {
  if (config.health.host !== "auto") return config.health.host;
  if (config.url) return new URL(config.url).host;
  if (config.domains[0]) return config.domains[0];
  const names = (allowedHosts ?? []).filter(
    (name) => !["*", "localhost", "127.0.0.1", "[::1]"].includes(name),
  );
  return (
    names[0]?.replace(/^\./, "") ??
    (allowedHosts?.includes("*") ? "localhost" : (allowedHosts?.[0] ?? "localhost"))
  );
}

export function probeRequest(config: Config, host: string, live: number | null): ProbeRequest {
  return {
    path: config.health.path,
    host,
    scheme: probeScheme(config),
    status: config.health.status,
    contains: config.health.contains,
    timeout: config.health.requestTimeoutMs / 1000,
    live,
    forwarded: endsTlsBefore(config),
  };
}

/** What a release is asked, as its manifest keeps it. */
export function probeRecord(config: Config): NonNullable<Manifest["probe"]> {
  const { path, status, contains } = config.health;
  return { path, scheme: probeScheme(config), status, contains };
}

/**
 * The configuration by which a release of before is asked: its own name, scheme, path and answer, not those of the release
 * that is to follow it. Releases of older versions kept only the name.
 */
export function askedAs(config: Config, release: Pick<Manifest, "healthHost" | "probe"> | undefined): Config {
  const host = release?.healthHost ?? config.health.host;
  return { ...config, health: { ...config.health, ...release?.probe, host } };
}

/** The question to a release of before, by its own name. */
export function oldRequest(
  config: Config,
  release: Pick<Manifest, "healthHost" | "probe"> | undefined,
): ProbeRequest {
  const own = askedAs(config, release);
  return probeRequest(own, probeHost(own, null), null);
}

/** Django's own rule (django.utils.http.is_same_domain, HttpRequest.get_host): `*`, `.example.com`, the name itself. */
export function allowsHost(allowedHosts: string[], host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return allowedHosts.some((entry) => {
    const pattern = entry.toLowerCase();
    if (pattern === "*" || pattern === name) return true;
    return pattern.startsWith(".") && (name.endsWith(pattern) || name === pattern.slice(1));
  });
}

/** A release whose ALLOWED_HOSTS refuse the site's own name answers 400 to everybody. */
export function requireAllowed(allowedHosts: string[], host: string): void {
  if (allowsHost(allowedHosts, host)) return;
  throw new DeployError(
    "djdeploy.allowed-hosts",
    ExitCode.lint,
    `ALLOWED_HOSTS refuses ${host}: every request would be answered with 400`,
    {
      expected: host,
      seen: allowedHosts.length ? allowedHosts.join(", ") : "an empty list",
      hint: "add the name to ALLOWED_HOSTS (or to the variable it is read from), or set url, domains or health.host",
    },
  );
}
