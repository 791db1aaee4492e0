import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { promisify } from "node:util";
import { usageError } from "../errors.ts";

/** What ssh_config says about one host; null and empty: nothing. */
export interface SshConfig {
  host: string;
  port: number;
  /** null where it is just the local user, ssh's own default. */
  user: string | null;
  identityFiles: string[];
  /** A socket's path, `SSH_AUTH_SOCK` (the environment's), or `none`. */
  identityAgent: string;
  identitiesOnly: boolean;
  proxyJump: string | null;
  proxyCommand: string | null;
  knownHostsFiles: string[];
  hostKeyAlias: string | null;
  connectTimeoutMs: number | null;
}

/** Where ssh looks for keys when nothing is said; security keys work through the agent only. */
const defaultKeys = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `~/.ssh/${name}`);

/**
 * Asks ssh itself (`ssh -G`) what ssh_config says about a host, so that Include, Match and wildcards count.
 * `source` is `auto`, or a file as for `ssh -F`. null when this machine has no ssh. `limitMs`: a `Match exec` in it runs a
 * program, which may wait.
 */
export async function readSshConfig(
  source: string,
  host: string,
  home = homedir(),
  limitMs = 20_000,
): Promise<SshConfig | null> {
  const args = ["-G", ...configFile(source, home), "--", host];
  try {
    const { stdout } = await promisify(execFile)("ssh", args, { timeout: limitMs, encoding: "utf8" });
    return parseSshConfig(stdout, home);
  } catch (error) {
    const { code, stderr, killed } = error as { code?: unknown; stderr?: string; killed?: boolean };
    if (code === "ENOENT" && source === "auto") return null;
    if (killed)
      throw usageError("ssh.config", `ssh -G ${host} did not end within ${limitMs / 1000} s`, {
        hint: "does a `Match exec` in ssh_config run what waits (a VPN, a smart card)? --ssh-config none leaves it out",
      });
    throw usageError("ssh.config", `ssh can not read its configuration for ${host}`, {
      seen: code === "ENOENT" ? "there is no ssh on this machine" : (stderr ?? "").trim().slice(-500),
      hint: "correct the file, or leave it out: --ssh-config none",
    });
  }
}

function configFile(source: string, home: string): string[] {
  if (source !== "auto") return ["-F", source];
  // ssh takes the home folder from the user database: where HOME says something else, HOME counts, as for all we read.
  const own = `${home}/.ssh/config`;
  return home !== userInfo().homedir && existsSync(own) ? ["-F", own] : [];
}

/** Reads the output of `ssh -G`: one lower-case keyword and its value a line. */
export function parseSshConfig(output: string, home: string): SshConfig {
  const all = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const at = line.indexOf(" ");
    if (at > 0)
      all.set(line.slice(0, at), [...(all.get(line.slice(0, at)) ?? []), line.slice(at + 1).trim()]);
  }
  const one = (name: string): string | null => {
    const value = all.get(name)?.[0] ?? "none";
    return value === "none" || value === "" ? null : value;
  };
  const host = one("hostname") ?? "";
  const user = one("user");
  const tokens: Record<string, string> = {
    "%": "%",
    d: home,
    h: host,
    u: userInfo().username,
    r: user ?? "",
  };
  const path = (text: string) =>
    text
      .replace(/^"(.*)"$/, "$1")
      .replace(/^~(?=\/)/, home)
      .replace(/%([%dhur])/g, (_, token: string) => tokens[token]!);
  const files = (all.get("identityfile") ?? []).filter((file) => file !== "none");
  const isDefault = files.includes("~/.ssh/id_dsa") && files.includes("~/.ssh/id_rsa");
  const knownHosts = [one("userknownhostsfile"), one("globalknownhostsfile")]
    .flatMap((list) => list?.split(/\s+(?=[~/])/) ?? [])
    .map((file) => path(file).replace(`${userInfo().homedir}/.ssh/`, `${home}/.ssh/`));
  const timeout = Number(one("connecttimeout"));
  return {
    host,
    port: Number(one("port") ?? 22),
    user: user === userInfo().username ? null : user,
    identityFiles: (isDefault ? defaultKeys : files).map(path),
    identityAgent: all.get("identityagent")?.[0] ?? "SSH_AUTH_SOCK",
    identitiesOnly: one("identitiesonly") === "yes",
    proxyJump: one("proxyjump"),
    proxyCommand: one("proxycommand"),
    knownHostsFiles: knownHosts,
    hostKeyAlias: one("hostkeyalias"),
    connectTimeoutMs: timeout > 0 ? timeout * 1000 : null,
  };
}

/** The usual places when ssh_config is not asked. */
export function withoutSshConfig(host: string, home = homedir()): SshConfig {
  return {
    host,
    port: 22,
    user: null,
    identityFiles: defaultKeys.map((file) => file.replace("~", home)),
    identityAgent: "SSH_AUTH_SOCK",
    identitiesOnly: false,
    proxyJump: null,
    proxyCommand: null,
    knownHostsFiles: [`${home}/.ssh/known_hosts`],
    hostKeyAlias: null,
    connectTimeoutMs: null,
  };
}
