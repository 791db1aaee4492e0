import type { Tls } from "../services/certificate.ts";
import type { ServerKind } from "../services/types.ts";

/**
 * The configuration of one environment after overlay, with every default that does not depend on the project filled
 * in. Names are djdeploy.yml's in camel case; durations are milliseconds. "auto" stays "auto": what only the
 * repository or a host can answer is decided by src/project and src/plan.
 */
export interface Config {
  /** Absolute path of djdeploy.yml and of its folder. */
  file: string;
  directory: string;
  environment: string;
  app: string;
  /** Folder with manage.py relative to `directory`; null = detect. */
  root: string | null;
  exclude: string[];
  django: { settings: string | null; application: string | null };
  python: {
    version: string;
    installer: "auto" | "pip" | "uv" | "pipenv" | "poetry" | "pdm";
    requirements: "auto" | string[];
    groups: string[];
    extras: string[];
    env: string[];
  };
  build: { command: string | null; artifact: string | null; directory: string; include: string[] };
  lint: { failLevel: FailLevel; ignore: Record<string, string>; assume: Record<string, unknown> };
  test: {
    /** "auto", a command, or false. */
    command: string | false;
    requirements: "auto" | string[];
    groups: string[];
    settings: string | null;
    env: Record<string, string>;
  };
  server: {
    kind: "auto" | ServerKind;
    workers: "auto" | number;
    args: string[];
    manager: "systemd" | "supervisord";
    scope: "system" | "user";
    strategy: "blue-green" | "restart" | "reload";
    service: string | null;
    listen: string;
    /** The user that it runs as; `app` unless told. */
    user: string;
    /** The user that logs in and deploys, unless a host names its own; with `scope: user` the same as `user`. */
    deployer: string;
    stopTimeoutMs: number;
  };
  processes: Record<string, ProcessConfig>;
  static: { collect: boolean; servedBy: "auto" | "whitenoise" | "nginx" | "storage" };
  shared: SharedPath[];
  packages: string[];
  env: { secrets: string[]; vars: Record<string, string> };
  database: {
    aliases: "auto" | string[];
    backup: "before-migrate" | "always" | "never";
    keepBackups: number;
    unsafeMigrations: "refuse" | "allow" | "maintenance";
    lockTimeoutMs: number | null;
    statementTimeoutMs: number | null;
  };
  health: {
    path: string;
    status: "auto" | number[];
    host: string;
    scheme: "auto" | "http" | "https";
    contains: string | null;
    requestTimeoutMs: number;
    deadlineMs: number;
    successes: number;
  };
  drain: { minMs: number; maxMs: number };
  release: { path: string; keep: number; hooks: Record<string, HookConfig> };
  url: string | null;
  hosts: HostConfig[];
  /** known_hosts lines or SHA256 fingerprints; null = look further (input, ~/.ssh/known_hosts). */
  knownHosts: string[] | null;
  proxyJump: string | null;
  front: {
    address: string;
    port: "auto" | number;
    scheme: "auto" | "http" | "https";
    public: "warn" | "required" | "never";
    trustedProxies: string[];
  };
  nginx: "manage" | "print" | "none";
  domains: string[];
  tls: Tls;
  branches: string[] | null;
  requireProtected: "warn" | boolean;
  requireChecks: { names: string[]; waitMs: number };
  ancestry: "not-older" | "any";
  rollout: { canary: number; batch: string; pauseMs: number; maxFailures: number };
  /** Protecting defaults that are not built yet: each is printed as "not enforced yet". */
  notEnforced: string[];
}

export type FailLevel = "error" | "warning" | "info" | "never";

export interface HostConfig {
  /** The name shown everywhere: as written, without user and port. */
  name: string;
  host: string;
  /** null: `server.deployer`, unless ssh_config says otherwise. */
  user: string | null;
  port: number | null;
  roles: string[];
}

export type StopSignal = "TERM" | "INT" | "QUIT";

/** Another process that runs the release's code. */
export interface ProcessConfig {
  command: string;
  /** One in the whole fleet, on the first host that has one of `roles`. */
  singleton: boolean;
  stopTimeoutMs: number;
  stopSignal: StopSignal;
  /** How long it has to stay up until it counts as started. */
  minUptimeMs: number;
  /** Whether a deploy restarts it before the web or after it; a rollback does it the other way round. */
  order: "before" | "after";
  roles: string[];
}

export interface SharedPath {
  /** Relative to the repository's top. */
  path: string;
  /** Ends with a slash in the file: a folder that is made and kept writable. */
  directory: boolean;
  target: string | null;
}

export interface HookConfig {
  run: string;
  on: "each" | "one";
  timeoutMs: number;
}
