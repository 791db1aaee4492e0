import { type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Config, HostConfig } from "../config/types.ts";
import { type DeployError, usageError } from "../errors.ts";
import { readRegular } from "../files/read.ts";
import { formatBytes } from "../report/duration.ts";
import { visibleLine } from "../report/visible.ts";
import { place } from "./failure.ts";
import type { KeyText } from "./key-text.ts";
import { loadKeys } from "./keys.ts";
import { parsePins } from "./known-hosts.ts";
import { readSshConfig, type SshConfig, withoutSshConfig } from "./ssh-config.ts";
import type { Target } from "./types.ts";

/** Bytes of a known_hosts file; a pipe or a device is as if it were not there. */
const mostOfKnownHosts = 16_000_000;

export interface ResolveOptions {
  /**
   * The action reads no ssh_config, no agent and no key files: what it uses is in its inputs. The library reads of the
   * home folder nothing where `sshConfig` is `none`.
   */
  face: "cli" | "action" | "library";
  /** `auto`, `none`, or a file. */
  sshConfig?: string;
  /** `--identity FILE`. */
  identity?: string | null;
  /** `--user`, for all hosts. */
  user?: string | null;
  /** Text of the known-hosts input. */
  knownHosts?: string | null;
  /** Text of the ssh-private-key input. */
  privateKey?: string | null;
  passphrase?: string | null;
  /** The environment's agent; read from SSH_AUTH_SOCK by the command line. */
  agent?: string | null;
  home?: string;
  connectTimeoutMs?: number;
}

type Wanted = Pick<HostConfig, "name" | "host" | "user" | "port">;

/**
 * How to reach each host of an environment, in the order of `hosts`. What djdeploy.yml says wins, then ssh_config (on
 * the command line), then the defaults: `server.deployer` and port 22. Usage errors: no key, a key that can not be used,
 * more than one jump host.
 */
export async function resolveTargets(
  config: Pick<Config, "hosts" | "server" | "knownHosts" | "proxyJump" | "app" | "environment">,
  options: ResolveOptions,
): Promise<Target[]> {
  const home = options.home ?? homedir();
  const pinned = givenPins(config.knownHosts, options);
  const settings = (host: string) => sshConfigOf(host, options, home);
  const key = options.privateKey?.trim()
    ? { source: nameOf(options, "ssh-private-key"), text: options.privateKey }
    : null;
  if (key) await loadKeys({ texts: [key], passphrase: options.passphrase ?? null });
  else if (options.face === "action") throw noKey();
  else if (apart(options) && !options.identity && !options.agent) throw nothingGiven();

  // Whoever connects as somebody else, such as root, has a key of their own for that.
  const ownKey = options.user || apart(options) ? [] : [join(home, ".ssh", deployKeyName(config))];
  const resolve = async (wanted: Wanted, said: SshConfig, defaultUser: string): Promise<Target> => {
    if (said.proxyCommand) {
      throw notYet(
        `ProxyCommand, which ~/.ssh/config sets for ${wanted.name},`,
        "use ProxyJump, or proxy-jump: in djdeploy.yml",
      );
    }
    const agent = key ? null : agentOf(said, options);
    return {
      name: wanted.name,
      host: said.host || wanted.host,
      port: wanted.port ?? said.port,
      user: wanted.user ?? said.user ?? defaultUser,
      keys: key ? [key] : await keysOf(said, agent, options, ownKey),
      passphrase: options.passphrase || null,
      agent,
      identitiesOnly: said.identitiesOnly || Boolean(options.identity),
      pins: [...pinned, ...knownHostsFiles(said)],
      ...(said.hostKeyAlias ? { hostKeyAlias: said.hostKeyAlias } : {}),
      jump: null,
      connectTimeoutMs: options.connectTimeoutMs ?? said.connectTimeoutMs ?? 15_000,
    };
  };

  return Promise.all(
    config.hosts.map(async (host) => {
      const said = await settings(host.host);
      const user = options.user ?? host.user;
      const target = await resolve({ ...host, user }, said, config.server.deployer);
      const hop = config.proxyJump ?? said.proxyJump;
      if (!hop || hop === "none") return target;
      const wanted = parseJump(hop);
      const jumpSaid = await settings(wanted.host);
      if (jumpSaid.proxyJump) throw moreHops(`${jumpSaid.proxyJump},${hop}`);
      const jump = await resolve(wanted, jumpSaid, config.server.deployer);
      if (place(jump) === place(target))
        throw usageError("ssh.jump-itself", `${target.name} is its own jump host`);
      return { ...target, jump };
    }),
  );
}

/** Nothing of the home folder is read. */
const apart = ({ face, sshConfig }: ResolveOptions) => face === "library" && sshConfig === "none";

async function sshConfigOf(host: string, options: ResolveOptions, home: string): Promise<SshConfig> {
  const source = options.face === "action" ? "none" : (options.sshConfig ?? "auto");
  const said = source === "none" ? null : await readSshConfig(source, host, home);
  const plain = said ?? withoutSshConfig(host, home);
  return apart(options) ? { ...plain, identityFiles: [], knownHostsFiles: [] } : plain;
}

function agentOf(said: SshConfig, options: ResolveOptions): string | null {
  if (options.face === "action" || said.identityAgent === "none") return null;
  if (said.identityAgent.startsWith("/")) return said.identityAgent;
  const agent = options.agent === undefined ? process.env.SSH_AUTH_SOCK : options.agent;
  return agent || null;
}

/** Of the key that `setup --ci-key new` makes under ~/.ssh, and that is tried like the usual files there. */
export function deployKeyName({ app, environment }: Pick<Config, "app" | "environment">): string {
  return `djdeploy-${app}-${environment}`;
}

function keysOf(
  said: SshConfig,
  agent: string | null,
  options: ResolveOptions,
  ownKey: string[],
): Promise<KeyText[]> {
  return loadKeys({
    files: options.identity ? [options.identity] : [],
    defaults: options.identity ? [] : [...(said.identitiesOnly ? [] : ownKey), ...said.identityFiles],
    passphrase: options.passphrase ?? null,
    hasAgent: agent !== null,
  });
}

/** The pins of this run and of djdeploy.yml; what is neither a line nor a fingerprint would pin nothing, silently. */
function givenPins(fromConfig: string[] | null, options: ResolveOptions): Target["pins"] {
  const given = [
    { source: nameOf(options, "known-hosts"), text: options.knownHosts ?? "" },
    { source: "known-hosts: of djdeploy.yml", text: fromConfig?.join("\n") ?? "" },
  ].filter(({ text }) => text.trim() !== "");
  const bad = given.flatMap(({ source, text }) => parsePins(text, source).bad)[0];
  if (bad === undefined) return given;
  throw usageError("ssh.bad-pin", `${bad} is neither a known_hosts line nor a SHA256 fingerprint`, {
    expected: "`web1.example.com ssh-ed25519 AAAA…` or `SHA256:…` (MD5 fingerprints are not accepted)",
    hint: "djdeploy host-key HOST prints the lines to compare and paste",
  });
}

function knownHostsFiles(said: SshConfig): Target["pins"] {
  return said.knownHostsFiles
    .map((source) => ({ source, text: pinsIn(source) }))
    .filter(({ text }) => text.trim() !== "");
}

/** A file that is left out would take its `@revoked` lines with it, silently. */
function pinsIn(source: string): string {
  const bytes = readRegular(source, mostOfKnownHosts);
  if (bytes !== null) return bytes.toString("utf8");
  const seen = statOf(source);
  if (!seen?.isFile() || seen.size <= mostOfKnownHosts) return "";
  throw usageError("ssh.known-hosts", `${visibleLine(source)} is too large to be read for known hosts`, {
    expected: `at most ${formatBytes(mostOfKnownHosts)}`,
    seen: formatBytes(seen.size),
    hint: "keep the lines of the hosts that are deployed to in a file of their own; UserKnownHostsFile of ssh_config names it",
  });
}

/** null where nothing is there, or in a folder that we may not enter: ssh goes on without it, too. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Reads `[user@]host[:port]`, also as `ssh://…` and with an IPv6 address in brackets. */
export function parseJump(text: string): Wanted {
  if (text.includes(",")) throw moreHops(text);
  const parts = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:@[\]\s]+))(?::(\d+))?\/?$/.exec(
    text.trim(),
  );
  const host = parts?.[2] ?? parts?.[3];
  const port = parts?.[4] === undefined ? null : Number(parts[4]);
  if (!host || host.startsWith("-") || (port !== null && (port < 1 || port > 65535))) {
    throw usageError("ssh.bad-jump", `${JSON.stringify(text)} is not a jump host`, {
      expected: "user@bastion[:port]",
    });
  }
  return { name: host, host, user: parts?.[1] ?? null, port };
}

function moreHops(hops: string): DeployError {
  return notYet(`More than one jump host (${hops})`, "name one jump host that reaches the host itself");
}

function notYet(what: string, hint: string): DeployError {
  return usageError("ssh.not-yet-supported", `${what} is not yet supported`, { hint });
}

/** What the caller of the face gave a text by. */
function nameOf({ face }: ResolveOptions, input: "ssh-private-key" | "known-hosts"): string {
  if (face !== "library") return `the ${input} input`;
  return input === "known-hosts" ? "ssh.knownHosts" : "ssh.privateKey";
}

function nothingGiven(): DeployError {
  return usageError("ssh.no-key", "no key was given to log in with", {
    expected: "one of ssh.privateKey (its text), ssh.identity (a file), ssh.agent (a socket)",
    hint: 'ssh: {config: "auto"} takes those of ~/.ssh, as ssh does',
  });
}

function noKey(): DeployError {
  return usageError("ssh.no-key", "The input ssh-private-key is empty, so there is no key to log in with", {
    expected: "a private key, from a secret that this workflow may read",
    hint: "store it: gh secret set SSH_PRIVATE_KEY --env ENVIRONMENT < KEYFILE, with the job's environment (secrets are empty in runs of forks)",
  });
}
