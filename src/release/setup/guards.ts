import type { Config } from "../../config/types.ts";
import { DeployError, type ErrorDetails, ExitCode, usageError } from "../../errors.ts";
import { certificateFiles } from "../../services/certificate.ts";
import type { HostFacts } from "./facts.ts";

/** Oldest release by distribution. */
const known: Record<string, number> = { debian: 12, ubuntu: 22.04 };

/** Refuses what setup can not be trusted to do right: another distribution, an old release, no systemd. */
export function checkHost(facts: HostFacts): void {
  const oldest = known[facts.os.id];
  // Debian's testing has no version yet.
  const version = facts.os.version === "" ? Number.POSITIVE_INFINITY : Number(facts.os.version);
  if (oldest === undefined || !(version >= oldest)) {
    throw refused("setup.unknown-system", `setup does not know ${facts.os.name || "this system"}`, {
      expected: "Debian 12 or newer, Ubuntu 22.04 or newer",
      seen: facts.os.name,
    });
  }
  if (!facts.systemd) {
    throw refused("setup.no-systemd", "systemd is not running on this host", {
      expected: "systemd as the first process",
      hint: "a container without systemd is no host for setup",
    });
  }
}

/**
 * A release is proven by the folder that its processes work in, which the kernel names without links; systemd's sandbox
 * shows a folder under the name that it is given. So the folder is configured by its own name.
 */
export function checkReal({ release }: Config, facts: HostFacts): void {
  const real = facts.real.get(release.path) ?? release.path;
  if (real === release.path) return;
  throw refused("setup.linked-path", `${release.path} leads through a link`, {
    expected: "a release.path without links on its way",
    seen: `it is ${real}`,
    hint: `write to djdeploy.yml: release: {path: ${real}}`,
  });
}

/**
 * nginx reads our site from sites-enabled (one that is placed by hand lies where it may), and reaches the application's
 * socket as www-data: as Debian's nginx does, and that of nginx.org does not.
 */
export function checkNginx({ nginx, app }: Pick<Config, "nginx" | "app">, facts: HostFacts): void {
  const conf = facts.nginxConf?.replace(/#.*$/gm, "");
  if (conf === undefined) return;
  const reads = nginx !== "manage" || /\binclude\s+(?:\/etc\/nginx\/)?sites-enabled\/\*\s*;/.test(conf);
  // What is built in where no line says it: nobody, or nginx. A line at the left margin may include one that does.
  const user =
    /^\s*user\s+([^\s;]+)/m.exec(conf)?.[1] ??
    (/^include\s+(?!\S*modules)/m.test(conf) ? "www-data" : "no user that is named");
  const asDebian = user === "www-data";
  if (reads && asDebian) return;
  const lines = [
    ...(reads ? [] : ["include /etc/nginx/sites-enabled/*;  in its http block"]),
    ...(asDebian ? [] : ["user www-data;  in place of another user line, or as the first line"]),
  ];
  const folders = reads ? "" : "mkdir -p /etc/nginx/sites-available /etc/nginx/sites-enabled; ";
  const other = asDebian ? `. Or nginx: print in djdeploy.yml, and place the site of ${app} yourself` : "";
  throw refused("setup.nginx-conf", "nginx of this host is not laid out as Debian's", {
    at: "/etc/nginx/nginx.conf",
    expected: reads
      ? "workers of www-data, who alone may enter the application's socket besides its own users"
      : "sites in /etc/nginx/sites-enabled, and workers of www-data",
    seen: [
      ...(reads ? [] : ["no line that includes /etc/nginx/sites-enabled/*"]),
      ...(asDebian ? [] : [`workers of ${user}`]),
    ].join("; "),
    hint: `write to /etc/nginx/nginx.conf: ${lines.join("; and: ")} (then: ${folders}nginx -t; systemctl reload nginx)${other}`,
  });
}

/** Exit code 7. */
export function refused(code: string, message: string, details: ErrorDetails): DeployError {
  return new DeployError(code, ExitCode.refused, message, details);
}

/** Refuses values that would need quoting in a unit, a site or a sudo rule: exit 2, before any host is asked. */
export function checkNames(config: Config): void {
  const { path } = config.release;
  const targets = config.shared.flatMap((shared) => shared.target ?? []);
  const files = certificateFiles(config.app, config.tls);
  const certificate = files === null ? [] : [files.certificate, files.key];
  for (const one of [path, ...targets, ...certificate]) mustMatch(plainPath, one, "path");
  if (path.split("/").length < 3) throw usageError("setup.bad-path", `release.path is too short: ${path}`);
  const deployers = config.hosts.flatMap(({ user }) => user ?? config.server.deployer);
  for (const user of [config.server.user, ...deployers])
    mustMatch(/^[a-z_][a-z0-9_-]{0,31}$/, user, "user name");
  for (const name of config.domains) mustMatch(/^(\*\.)?[A-Za-z0-9.-]+$/, name, "domain");
  for (const name of config.packages) mustMatch(/^[a-z0-9][a-z0-9+.-]+$/, name, "package name");
  for (const proxy of config.front.trustedProxies) mustMatch(/^[0-9a-fA-F.:]+(\/\d+)?$/, proxy, "address");
}

const plainPath = /^(\/(?!\.\.?(\/|$))[A-Za-z0-9._+-]+)+$/;

function mustMatch(pattern: RegExp, value: string, what: string): void {
  if (pattern.test(value)) return;
  throw usageError(
    "setup.bad-value",
    `${JSON.stringify(value)} is no ${what} that setup can write into files`,
    {
      expected: String(pattern),
    },
  );
}
