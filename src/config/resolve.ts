import { dirname } from "node:path";
import { deployUser } from "../services/identities.ts";
import type { Settings } from "./schema/index.ts";
import { processDefaults } from "./schema/service.ts";
import { parseHost } from "./schema/values.ts";
import { notEnforced } from "./support.ts";
import type { Config, HostConfig, ProcessConfig, SharedPath, StopSignal } from "./types.ts";

/** The settings of one environment in the program's own shape. */
export function toConfig(file: string, environment: string, s: Settings): Config {
  return {
    file,
    directory: dirname(file),
    environment,
    app: s.app,
    root: s.root === null ? null : tidy(s.root),
    exclude: s.exclude,
    django: s.django,
    python: s.python,
    build: {
      ...s.build,
      artifact: s.build.artifact === null ? null : tidy(s.build.artifact),
      directory: tidy(s.build.directory),
      include: s.build.include.map(tidy),
    },
    lint: { failLevel: s.lint["fail-level"], ignore: s.lint.ignore, assume: s.lint.assume },
    test: s.test,
    server: {
      kind: s.server.kind,
      workers: s.server.workers,
      args: s.server.args,
      manager: s.server.manager,
      scope: s.server.scope,
      strategy: s.server.strategy,
      service: s.server.service,
      listen: s.server.listen,
      user: s.server.user ?? s.app,
      deployer: s.server.scope === "user" ? (s.server.user ?? s.app) : deployUser(s.server.user ?? s.app),
      stopTimeoutMs: s.server["stop-timeout"],
    },
    processes: mapValues(s.processes, toProcess),
    static: { collect: s.static.collect, servedBy: s.static["served-by"] },
    shared: s.shared.map(toShared),
    packages: s.packages,
    env: s.env,
    database: {
      aliases: s.database.aliases,
      backup: s.database.backup,
      keepBackups: s.database["keep-backups"],
      unsafeMigrations: s.database["unsafe-migrations"],
      lockTimeoutMs: s.database["lock-timeout"],
      statementTimeoutMs: s.database["statement-timeout"],
    },
    health: {
      path: s.health.path,
      status: s.health.status,
      host: s.health.host,
      scheme: s.health.scheme,
      contains: s.health.contains,
      requestTimeoutMs: s.health["request-timeout"],
      deadlineMs: s.health.deadline,
      successes: s.health.successes,
    },
    drain: { minMs: s.drain.min, maxMs: s.drain.max },
    release: {
      path: releaseFolder(s),
      keep: s.release.keep,
      hooks: mapValues(s.release.hooks as Record<string, Hook>, toHook),
    },
    url: s.url,
    hosts: s.hosts.map(toHost),
    knownHosts: s["known-hosts"],
    proxyJump: s["proxy-jump"],
    front: {
      address: s.front.address,
      port: s.front.port,
      scheme: s.front.scheme,
      public: s.front.public,
      trustedProxies: s.front["trusted-proxies"],
    },
    nginx: s.nginx,
    domains: s.domains.length > 0 ? s.domains : hostOf(s.url),
    tls: s.tls === "certbot" ? { certbot: { email: null, staging: false, server: null } } : s.tls,
    branches: s.branches,
    requireProtected: s["require-protected"],
    requireChecks: { names: s["require-checks"].names, waitMs: s["require-checks"].wait },
    ancestry: s.ancestry,
    rollout: {
      canary: s.rollout.canary,
      batch: s.rollout.batch,
      pauseMs: s.rollout.pause,
      maxFailures: s.rollout["max-failures"],
    },
    notEnforced: notEnforced(s),
  };
}

/** The application's folder on a host, without a slash at its end. Without root only the home is the user's to write. */
export function releaseFolder({ release, app, server }: Settings): string {
  const usual = server.scope === "user" ? `/home/${server.user ?? app}/${app}` : `/srv/${app}`;
  return `/${(release.path ?? usual).split("/").filter(Boolean).join("/")}`;
}

export function toHost(written: Settings["hosts"][number]): HostConfig {
  if (typeof written === "string") return { ...parseHost(written)!, roles: ["web"] };
  const { host, user, port, roles } = written;
  return { name: host, host, user, port, roles };
}

type Hook = Settings["release"]["hooks"][keyof Settings["release"]["hooks"]] & {};

function toHook(written: Hook) {
  if (typeof written === "string") return { run: written, on: "each" as const, timeoutMs: 300_000 };
  return { run: written.run, on: written.on, timeoutMs: written.timeout };
}

function toProcess(written: Settings["processes"][string]): ProcessConfig {
  const asked = typeof written === "string" ? processDefaults(written) : written;
  const { command, singleton, order, roles } = asked;
  return {
    ...{ command, singleton, order, roles },
    stopTimeoutMs: asked["stop-timeout"],
    stopSignal: asked["stop-signal"] === "auto" ? gracefulSignal(command) : asked["stop-signal"],
    minUptimeMs: asked["min-uptime"],
  };
}

/** Huey takes TERM for "at once" and INT for "finish what you are at" (its documentation, "Consumer shutdown"). */
function gracefulSignal(command: string): StopSignal {
  return /\b(run_huey|huey_consumer)\b/.test(command) ? "INT" : "TERM";
}

function toShared(written: Settings["shared"][number]): SharedPath {
  const { path, target } = typeof written === "string" ? { path: written, target: null } : written;
  return { path: tidy(path), directory: path.endsWith("/"), target };
}

/** `./media//x/` is `media/x`; the folder itself is `.`. */
export function tidy(path: string): string {
  return (
    path
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/") || "."
  );
}

/** The name in a URL, as a list: none without one. */
export function hostOf(url: string | null): string[] {
  return url === null ? [] : [new URL(url).hostname];
}

function mapValues<A, B>(map: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
