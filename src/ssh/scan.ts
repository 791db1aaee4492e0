import ssh2 from "ssh2";
import { DeployError } from "../errors.ts";
import { handshakeFailure, stalled } from "./failure.ts";
import { algorithmsOf, hostKeyTypes } from "./host-key.ts";
import { readHello } from "./kexinit.ts";
import { fingerprint, keyType, knownHostsLine } from "./known-hosts.ts";
import { dialTcp } from "./line.ts";
import type { Target } from "./types.ts";

export interface OfferedKey {
  type: string;
  fingerprint: string;
  /** For known_hosts; `[host]:port` unless the port is 22. */
  line: string;
}

/**
 * Every host key a server shows, one connection per type: ed25519, ECDSA, RSA. Nothing is trusted by this: the
 * fingerprints are to be compared with those on the host's own console.
 */
export async function scanHostKeys(
  host: string,
  port = 22,
  options: { connectTimeoutMs?: number; signal?: AbortSignal } = {},
): Promise<OfferedKey[]> {
  const target: Target = {
    name: host,
    host,
    port,
    user: "djdeploy",
    keys: [],
    passphrase: null,
    agent: null,
    pins: [],
    jump: null,
    connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
  };
  const first = await showKey(target, hostKeyTypes.flatMap(algorithmsOf), options.signal);
  const others = hostKeyTypes.filter(
    (type) => type !== keyType(first.key) && algorithmsOf(type).some((name) => first.offers.includes(name)),
  );
  const rest = await Promise.all(others.map((type) => showKey(target, algorithmsOf(type), options.signal)));
  return [first, ...rest].map(({ key }) => ({
    type: keyType(key),
    fingerprint: fingerprint(key),
    line: knownHostsLine(host, port, key),
  }));
}

/** Goes as far as the server's key, and hangs up. */
async function showKey(
  target: Target,
  algorithms: string[],
  signal: AbortSignal | undefined,
): Promise<{ key: Buffer; offers: string[] }> {
  const { stream } = await dialTcp(target, signal);
  const client = new ssh2.Client();
  const hello: Buffer[] = [];
  const read = () => readHello(Buffer.concat(hello));
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => {
      clearTimeout(timer);
      stream.destroy();
      act();
    };
    const progress = (error: Error | null) => ({
      ...read(),
      stage: hello.length === 0 ? ("banner" as const) : ("handshake" as const),
      timeoutMs: target.connectTimeoutMs,
      error,
    });
    const timer = setTimeout(
      () => end(() => reject(stalled(target, progress(null)))),
      target.connectTimeoutMs,
    );
    client.on("error", (error) =>
      end(() => reject(error instanceof DeployError ? error : handshakeFailure(target, progress(error)))),
    );
    client.on("close", () => end(() => reject(handshakeFailure(target, progress(null)))));
    client.connect({
      sock: stream,
      username: target.user,
      algorithms: { serverHostKey: algorithms as ssh2.ServerHostKeyAlgorithm[] },
      readyTimeout: 0,
      hostVerifier: (key: Buffer) => {
        end(() => resolve({ key, offers: read().offers?.hostKey ?? [] }));
        return false;
      },
    });
    stream.on("data", (chunk: Buffer) => {
      if (hello.length < 16) hello.push(chunk);
    });
  });
}
