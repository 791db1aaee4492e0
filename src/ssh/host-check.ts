import { DeployError } from "../errors.ts";
import { type HostPins, hostKeyError, hostKeyOrder, judge } from "./host-key.ts";
import { fingerprint, keyType, knownHostsLine } from "./known-hosts.ts";
import type { AskHostKey, Target } from "./types.ts";

/** The check of one connection's host key. */
export interface HostCheck {
  /** For ssh2: called with the key in the handshake, and again when a long connection renews its keys. */
  verify(key: Buffer, answer: (trusted: boolean) => void): void;
  /** Why the key was refused. */
  refusal: DeployError | null;
  /** The server may hold the pinned key as well: worth another connection that asks for it. */
  again: boolean;
}

export interface HostCheckOptions {
  pins: HostPins;
  /** Types the server has shown in vain; a refused key's type is added. */
  shown: string[];
  ask: AskHostKey | undefined;
  /** Host key algorithms that the server offers. */
  offered(): string[];
  /** A person takes longer than a server: called before and after asking. */
  pause(): void;
  resume(): void;
}

/** Trusts what the pins trust; asks about an unknown key if there is somebody to ask, never about a changed one. */
export function hostCheck(target: Target, options: HostCheckOptions): HostCheck {
  const { pins, shown, ask } = options;
  let accepted: Buffer | null = null;
  const check: HostCheck = {
    refusal: null,
    again: false,
    verify(key, answer) {
      const verdict = judge(pins, key);
      const accept = () => {
        accepted = Buffer.from(key);
        answer(true);
      };
      const refuse = (error: DeployError) => {
        check.refusal = error;
        answer(false);
      };
      if (verdict.kind === "trusted" || accepted?.equals(key)) return accept();
      const error = hostKeyError(target, key, verdict);
      if (verdict.kind === "unknown" && ask && !pins.authority) {
        options.pause();
        askAbout(target, key, ask).then(
          (yes) => {
            options.resume();
            if (yes) accept();
            else refuse(error);
          },
          (thrown) => refuse(thrown instanceof DeployError ? thrown : error),
        );
        return;
      }
      shown.push(keyType(key));
      check.again = verdict.kind !== "revoked" && mayHoldAnother(options, verdict.kind === "changed");
      refuse(error);
    },
  };
  return check;
}

function askAbout(target: Target, key: Buffer, ask: AskHostKey): Promise<boolean> {
  const { host, port } = target;
  const line = knownHostsLine(target.hostKeyAlias ?? host, port, key);
  return ask({ host, port, type: keyType(key), fingerprint: fingerprint(key), line });
}

/** A fingerprint does not say its key's type: when it does not fit, the server may hold the fitting key as well. */
function mayHoldAnother({ pins, shown, offered }: HostCheckOptions, changed: boolean): boolean {
  const untyped = (changed ? pins.trusted : pins.optional).some((pin) => pin.type === null);
  const offers = offered();
  return untyped && hostKeyOrder(pins).some((name) => offers.includes(name) && !shown.includes(typeOf(name)));
}

function typeOf(algorithm: string): string {
  return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
}
