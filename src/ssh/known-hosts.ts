import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readRegular } from "../files/read.ts";
import { fitsWildcards } from "../files/wildcard.ts";

/**
 * One pin: a host's public key (from a known_hosts line) or its SHA256 fingerprint. The format of known_hosts is that
 * of sshd(8), section "SSH_KNOWN_HOSTS FILE FORMAT".
 */
export interface Pin {
  /** Where it comes from: `the known-hosts input`, `~/.ssh/known_hosts:12`. */
  source: string;
  marker: "revoked" | "cert-authority" | null;
  /** Patterns as written; null: a bare fingerprint, which names no host. */
  hosts: string | null;
  /** Key type (`ssh-ed25519`), null where a fingerprint came without one. */
  type: string | null;
  /** `SHA256:` and 43 characters of base64 without padding. */
  fingerprint: string;
}

/** The names a server is looked up by. */
export interface HostNames {
  names: string[];
  port: number;
}

/** The SHA256 fingerprint of a public key blob, as `ssh-keygen -l` shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that a public key blob names in its first field. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length > 0 && length <= key.length - 4 ? key.toString("latin1", 4, 4 + length) : "unknown";
}

/**
 * Reads known_hosts lines and fingerprints, mixed. `bad` holds the places of lines that are neither, such as MD5
 * fingerprints; ssh leaves such lines of a file out, too.
 */
export function parsePins(text: string, source: string): { pins: Pin[]; bad: string[] } {
  const pins: Pin[] = [];
  const bad: string[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const where = lines.length > 1 ? `${source}:${index + 1}` : source;
    const pin = parseFingerprint(line, where) ?? parseLine(line, where);
    if (pin === null) bad.push(where);
    else pins.push(pin);
  });
  return { pins, bad };
}

const shortTypes: Record<string, string> = {
  ED25519: "ssh-ed25519",
  RSA: "ssh-rsa",
  DSA: "ssh-dss",
};

/**
 * `SHA256:…`, the same without prefix or with padding, a host before it, or a whole line of `ssh-keygen -l`
 * (`256 SHA256:… root@web1 (ED25519)`).
 */
function parseFingerprint(line: string, source: string): Pin | null {
  const words = line.split(/\s+/);
  const at = words.findIndex((word) => /^(SHA256:)?[A-Za-z0-9+/]{43}=?$/.test(word));
  if (at < 0 || at > 1) return null;
  const before = at === 1 ? words[0]! : "";
  const isType = /^(ssh-|ecdsa-sha2-)/.test(before);
  const hosts = before === "" || isType || /^\d+$/.test(before) ? null : before;
  const short = shortTypes[/\((\w+)\)$/.exec(line)?.[1] ?? ""] ?? null;
  const digest = words[at]!.replace(/^SHA256:/, "").replace(/=$/, "");
  return { source, marker: null, hosts, type: isType ? before : short, fingerprint: `SHA256:${digest}` };
}

function parseLine(line: string, source: string): Pin | null {
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith("@") ? words.shift()!.slice(1) : null;
  if (marker !== null && marker !== "revoked" && marker !== "cert-authority") return null;
  const [hosts, type, base64] = words;
  if (hosts === undefined || type === undefined || base64 === undefined) return null;
  const key = Buffer.from(base64, "base64");
  if (keyType(key) !== type) return null;
  return { source, marker, hosts, type, fingerprint: fingerprint(key) };
}

/**
 * Does the pattern list (`web1,*.example.com,!old.example.com`, `[host]:2222` or one hashed name) name this host?
 * On another port than 22 only `[host]:port` does, as in ssh.
 */
export function matchesHost(patterns: string, host: HostNames): boolean {
  const names = host.names.map((name) => lookupName(name, host.port));
  if (patterns.startsWith("|1|")) return names.some((name) => matchesHash(patterns, name));
  let found = false;
  for (const pattern of patterns.split(",")) {
    const negated = pattern.startsWith("!");
    if (!names.some((name) => matchesPattern(negated ? pattern.slice(1) : pattern, name))) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/** How known_hosts writes a name: lower case, `[host]:port` unless the port is 22. */
export function lookupName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** The line that pins a key in known_hosts. */
export function knownHostsLine(host: string, port: number, key: Buffer): string {
  return `${lookupName(host, port)} ${keyType(key)} ${key.toString("base64")}`;
}

/** Only the end of the file matters: does it end with a line? */
const mostBefore = 64_000_000;

/** Appends a line to a known_hosts file that only its owner can read and write, and makes the folder if need be. */
export async function rememberHostKey(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = readRegular(file, mostBefore)?.toString("latin1") ?? "";
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  await appendFile(file, `${gap}${line}\n`, { mode: 0o600 });
}

function matchesHash(entry: string, name: string): boolean {
  const [, , salt, hash] = entry.split("|");
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, "base64");
  const seen = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return expected.length === seen.length && timingSafeEqual(expected, seen);
}

function matchesPattern(pattern: string, name: string): boolean {
  const bare = /^\[(.*)\]:22$/.exec(pattern)?.[1] ?? pattern;
  return fitsWildcards(bare.toLowerCase(), name, { one: true });
}
