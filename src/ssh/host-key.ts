import { DeployError, ExitCode } from "../errors.ts";
import { fingerprint, type HostNames, keyType, matchesHost, type Pin, parsePins } from "./known-hosts.ts";
import type { Target } from "./types.ts";

/** What the pins say about the key that a server shows. */
export type Verdict =
  | { kind: "trusted" }
  | { kind: "revoked"; pin: Pin }
  | { kind: "changed"; expected: Pin[] }
  | { kind: "unknown"; sources: string[]; authority: Pin | null };

/** Every pin that concerns one server, and where pins were looked for. */
export interface HostPins {
  host: HostNames;
  /** Keys the server may show; the first source that names the server decides. */
  trusted: Pin[];
  revoked: Pin[];
  authority: Pin | null;
  /** Bare fingerprints of a jump's target: they may speak of it or of the jump. */
  optional: Pin[];
  sources: string[];
}

/**
 * Picks the pins of one server out of all. The first source that has a pin for it decides alone: a runner's old
 * `~/.ssh/known_hosts` can not overrule what the input pins. A `@revoked` line counts wherever it stands. On a jump
 * host a bare fingerprint can trust, not decide: it may be meant for the host behind it.
 */
export function pinsFor(target: Target, isJump = false): HostPins {
  const names = target.hostKeyAlias ? [target.hostKeyAlias] : [...new Set([target.host, target.name])];
  const host = { names, port: target.port };
  const found: HostPins = { host, trusted: [], revoked: [], authority: null, optional: [], sources: [] };
  for (const { source, text } of target.pins) {
    const { pins } = parsePins(text, source);
    found.sources.push(source);
    const own = pins.filter((pin) => pin.hosts === null || matchesHost(pin.hosts, host));
    found.revoked.push(...own.filter((pin) => pin.marker === "revoked"));
    found.authority ??= own.find((pin) => pin.marker === "cert-authority") ?? null;
    const keys = own.filter((pin) => pin.marker === null);
    if (isJump) found.optional.push(...keys.filter((pin) => pin.hosts === null));
    const decisive = isJump ? keys.filter((pin) => pin.hosts !== null) : keys;
    if (found.trusted.length === 0) found.trusted = decisive;
    // As ssh does: on another port a plain entry of the same host may trust, never contradict.
    if (host.port !== 22) {
      found.optional.push(
        ...pins.filter((p) => p.marker === null && p.hosts && matchesHost(p.hosts, { names, port: 22 })),
      );
    }
  }
  return found;
}

/** Judges the key that the server showed. */
export function judge(pins: HostPins, key: Buffer): Verdict {
  const seen = fingerprint(key);
  const revoked = pins.revoked.find((pin) => pin.fingerprint === seen);
  if (revoked) return { kind: "revoked", pin: revoked };
  if (pins.trusted.some((pin) => pin.fingerprint === seen)) return { kind: "trusted" };
  if (pins.trusted.length > 0) return { kind: "changed", expected: pins.trusted };
  if (pins.optional.some((pin) => pin.fingerprint === seen)) return { kind: "trusted" };
  return { kind: "unknown", sources: pins.sources, authority: pins.authority };
}

/** Host key algorithms we can check, in our order of liking; `ssh-rsa` keys are only taken with SHA-2 signatures. */
const algorithmsByType: Record<string, string[]> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

export const hostKeyTypes: readonly string[] = Object.keys(algorithmsByType);

/** The algorithms to ask a server for one type of key with. */
export function algorithmsOf(type: string): string[] {
  return algorithmsByType[type] ?? [];
}

/** All host key algorithms, those of the types we hold pins for first, so that the server shows a key we can judge. */
export function hostKeyOrder(pins: HostPins, shown: readonly string[] = []): string[] {
  const pinned = new Set([...pins.trusted, ...pins.optional].map((pin) => pin.type));
  const rank = (type: string) => (shown.includes(type) ? 2 : pinned.has(type) ? 0 : 1);
  return [...hostKeyTypes].sort((a, b) => rank(a) - rank(b)).flatMap(algorithmsOf);
}

/** The error for a key that is not trusted: names host, port, type, what was expected (and by whom), what was seen. */
export function hostKeyError(target: Target, key: Buffer, verdict: Verdict): DeployError {
  const type = keyType(key);
  const seen = `${fingerprint(key)} (${type})`;
  const place = `${target.host} port ${target.port}`;
  const command = `djdeploy host-key ${address(target)}`;
  const details = { host: target.name, seen };
  const fail = (code: string, message: string, more: { expected?: string; hint: string }) =>
    new DeployError(code, ExitCode.unreachable, message, { ...details, ...more });
  switch (verdict.kind) {
    case "revoked":
      return fail(
        "ssh.host-key-revoked",
        `${place} shows a ${type} key that ${verdict.pin.source} marks as revoked`,
        {
          expected: "a key that is not revoked",
          hint: "do not connect: give the host a new key and pin that",
        },
      );
    case "changed":
      return fail(
        "ssh.host-key-changed",
        `The host key of ${place} (${type}) is not the one that is pinned`,
        {
          expected: verdict.expected.map(describePin).join(", "),
          hint: `someone may be in between; if the host was reinstalled, compare \`${command}\` with the host's own \`ssh-keygen -lf\` and replace the pin`,
        },
      );
    case "unknown":
      if (verdict.authority) {
        return fail(
          "ssh.host-key-unknown",
          `The ${type} host key of ${place} is only covered by a @cert-authority line`,
          {
            expected: `a host certificate (${verdict.authority.source}), which is not supported yet`,
            hint: `pin the plain key: ${command}`,
          },
        );
      }
      if (verdict.sources.length === 0) {
        return fail(
          "ssh.no-pin",
          `No host key is pinned for ${place}, so the ${type} key it shows can not be trusted`,
          {
            expected:
              "a pin in the known-hosts input, in known-hosts: of djdeploy.yml or in ~/.ssh/known_hosts",
            hint: `compare \`${command}\` with the host's own keys and pin the lines`,
          },
        );
      }
      return fail("ssh.host-key-unknown", `The ${type} host key of ${place} is not known`, {
        expected: `a pin for ${place} in ${verdict.sources.join(" or ")}`,
        hint: `compare \`${command}\` with the host's own keys and add the lines`,
      });
    default:
      throw new Error("a trusted key is no error");
  }
}

/** As `hosts:` and the command line take it: the port only where it is not 22. */
function address({ host, port }: Target): string {
  if (port === 22) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function describePin(pin: Pin): string {
  return `${pin.fingerprint}${pin.type ? ` (${pin.type})` : ""} from ${pin.source}`;
}
