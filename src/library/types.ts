import type { Event } from "../report/event.ts";
import type { AskHostKey } from "../ssh/types.ts";

/** Which project and environment. Paths are absolute or relative to `cwd`. */
export interface ProjectOptions {
  /** A folder of the checkout; default: the working folder of the process. */
  cwd?: string | undefined;
  /** djdeploy.yml itself; default: the nearest one in `cwd` or above. */
  config?: string | undefined;
  /** One of its environments; may be left out where it has only one. */
  environment?: string | undefined;
  /** Values of variables and secrets by name, as `--env-file` gives them. Empty ones count as not given. */
  values?: Readonly<Record<string, string>> | undefined;
}

/**
 * How to log in. Without `config` nothing of ~/.ssh is read and no agent is asked: a key or an agent, and the keys of the
 * hosts (`knownHosts` here or `known-hosts:` in djdeploy.yml) have to be given.
 */
export interface SshOptions {
  /** The text of a private key. */
  privateKey?: string | undefined;
  /** A file with a private key. */
  identity?: string | undefined;
  passphrase?: string | undefined;
  /** The socket of an agent; SSH_AUTH_SOCK is not read, an IdentityAgent of ssh_config is. */
  agent?: string | undefined;
  /** Lines of a known_hosts file, or SHA256 fingerprints. */
  knownHosts?: string | undefined;
  /** `auto`: as ssh does, by ~/.ssh; a file: by that one; default `none`. */
  config?: string | undefined;
  /** Who to log in as, in place of what djdeploy.yml says. */
  user?: string | undefined;
}

/** What every verb that speaks to hosts is given. */
export interface RunOptions extends ProjectOptions {
  ssh?: SshOptions | undefined;
  /** Who does it, for the lock, the audit line and `releases`; default: `library`. */
  actor?: string | undefined;
  /** A page about the run, for the same. */
  runUrl?: string | undefined;
  /**
   * Told of each thing that happens, secrets hidden. It is not waited for, and what it throws (or rejects with) stops
   * nothing: the run goes on, tells it no more, and rejects with `library.on-event` when it has ended.
   */
  onEvent?: ((event: Event) => void | Promise<void>) | undefined;
  /** Aborting gives the run up: before the switch the old release goes on, behind it the run goes on to its end. */
  signal?: AbortSignal | undefined;
  /** Asked whether the key of a host that is not known is the right one; default: no, which ends with `ssh.host-key-unknown`. */
  confirmHostKey?: AskHostKey | undefined;
}

export interface DeployOptions extends RunOptions {
  /** A commit, branch or tag; default: HEAD. */
  revision?: string | undefined;
  /** Default: run. A skipped one is written down in the release. */
  tests?: "run" | "skip" | undefined;
  lint?: "run" | "skip" | undefined;
  /** Wait for the lock of another run, where the default is to end with `lock.held`. */
  wait?: boolean | undefined;
  /** The reason to override a guard; it is written down. */
  force?: string | undefined;
  /** What `build.artifact` has to be: its SHA-256, in hexadecimal. */
  artifactSha256?: string | undefined;
}

export interface PlanOptions extends RunOptions {
  /** A commit, branch or tag; default: HEAD. */
  revision?: string | undefined;
  artifactSha256?: string | undefined;
}

export interface RollbackOptions extends RunOptions {
  /** A release id, a commit or `previous`; default: the last good release before the live one. */
  to?: string | undefined;
  /** What happens to migrations of the newer releases; default: auto. */
  migrations?: "auto" | "keep" | "refuse" | undefined;
  /** `current`: secrets as they are now (default); `release`: as they were then. */
  env?: "current" | "release" | undefined;
}

export interface LintOptions extends ProjectOptions {
  /** The settings module; default: found. */
  settings?: string | undefined;
}
