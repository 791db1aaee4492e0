import { NodeSSH } from "node-ssh";
import { DeployError } from "../errors.ts";
import { handshakeFailure, type Progress, type Stage, stalled, unreachable } from "./failure.ts";
import { type HostPins, hostKeyError, hostKeyOrder, judge, pinsFor } from "./host-key.ts";
import { type Identities, type Identity, identitiesOf } from "./identities.ts";
import { readHello } from "./kexinit.ts";
import { fingerprint, keyType, knownHostsLine } from "./known-hosts.ts";
import { aborted, dialTcp, forwardFailure, type Line, throughJump } from "./line.ts";
import { type Login, loginFailure, loginWith } from "./login.ts";
import { loginQuickly } from "./quick-login.ts";
import { sessionOf } from "./session.ts";
import type { AskHostKey, Connection, Target } from "./types.ts";

export interface ConnectOptions {
  /** Asked about an unknown key; without it an unknown key is an error. */
  ask?: AskHostKey;
  signal?: AbortSignal;
  /** Time between two signs of life; four missing ones end the connection. Default 5000. */
  keepaliveMs?: number;
}

/**
 * Connects, checks the host key against the pins of the target, and logs in. Every way this can fail is a DeployError
 * with its own code `ssh.…`: exit 5 when the host can not be reached or trusted, 2 when a key is missing or unusable.
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Connection> {
  return (await connectOver(target, options, false)).connection;
}

async function connectOver(target: Target, options: ConnectOptions, isJump: boolean): Promise<Connected> {
  const pins = pinsFor(target, isJump);
  const identities = await identitiesOf(target);
  const shown: string[] = [];
  const tried: Identity[] = [];
  for (;;) {
    const keys = identities.usable.filter((one) => !tried.includes(one));
    const attempt = await attemptOnce(target, options, { pins, identities, keys, tried, shown });
    if (attempt.connected) return attempt.connected;
  }
}

interface Attempt {
  pins: HostPins;
  identities: Identities;
  /** Keys to offer this time; those that were offered are moved to `tried`. */
  keys: Identity[];
  tried: Identity[];
  /** Host key types the server has shown in vain. */
  shown: string[];
}

interface Connected {
  connection: Connection;
  ssh: NodeSSH;
}

/** One connection. Resolves with null when another one may go better: another host key type, or more keys. */
async function attemptOnce(
  target: Target,
  options: ConnectOptions,
  attempt: Attempt,
): Promise<{ connected: Connected | null }> {
  const { line, jump } = await openLine(target, options);
  const ssh = new NodeSSH();
  const login = loginWith(target.user, attempt.keys);
  const hello: Buffer[] = [];
  let stage: Stage = "banner";
  let refused: DeployError | null = null;
  let again = false;
  /** A long connection changes its keys now and then, and shows the host's again. */
  let accepted: Buffer | null = null;

  return await new Promise((resolve, reject) => {
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      line.stream.off("data", onData);
      act();
    };
    const giveUp = (error: DeployError | null) =>
      settle(() => {
        line.stream.destroy();
        void jump?.connection.close();
        if (error) reject(error);
        else resolve({ connected: null });
      });
    const progress = (error: Progress["error"] = null): Progress => ({
      ...readHello(Buffer.concat(hello)),
      stage,
      timeoutMs: target.connectTimeoutMs,
      error,
    });
    const arm = () => setTimeout(() => giveUp(stalled(target, progress())), target.connectTimeoutMs);
    let timer = arm();
    const enter = (next: Stage) => {
      stage = next;
      clearTimeout(timer);
      timer = arm();
    };
    const onAbort = () => giveUp(aborted(target));
    const onData = (chunk: Buffer) => {
      if (stage === "banner") enter("handshake");
      if (hello.length < 16) hello.push(chunk);
    };

    const hostVerifier = (key: Buffer, verify: (ok: boolean) => void) => {
      if (accepted?.equals(key)) return verify(true);
      const verdict = judge(attempt.pins, key);
      if (verdict.kind === "trusted") {
        accepted = key;
        return verify(true);
      }
      const error = hostKeyError(target, key, verdict);
      const type = keyType(key);
      if (verdict.kind === "unknown" && options.ask && !attempt.pins.authority) {
        clearTimeout(timer);
        const { host, port } = target;
        const line = knownHostsLine(target.hostKeyAlias ?? host, port, key);
        options.ask({ host, port, type, fingerprint: fingerprint(key), line }).then(
          (yes) => {
            if (yes) {
              accepted = key;
              enter("handshake");
            } else refused = error;
            verify(yes);
          },
          (thrown) => {
            refused = thrown instanceof DeployError ? thrown : error;
            verify(false);
          },
        );
        return;
      }
      attempt.shown.push(type);
      again = mayHoldAnother(attempt, verdict.kind, progress().offers?.hostKey ?? []);
      refused = error;
      verify(false);
    };

    const fail = (error: (Error & { code?: unknown; level?: string }) | null) => {
      // An agent that can not sign with one key says so, and the next key follows.
      if (settled || error?.level === "agent") return;
      if (refused) return giveUp(again ? null : refused);
      if (stage !== "auth") return giveUp(handshakeFailure(target, progress(error)));
      attempt.tried.push(...login.tried);
      const more = attempt.identities.usable.some((one) => !attempt.tried.includes(one));
      // sshd hangs up after MaxAuthTries keys (RFC 4253, section 11.1: a protocol error); it counts per connection.
      if (more && login.tried.length > 0 && (error?.code === 2 || error?.code === 14)) return giveUp(null);
      giveUp(authError(target, attempt, login, error));
    };

    ssh
      .connect({
        sock: line.stream,
        username: target.user,
        authHandler: (...args) => {
          enter("auth");
          login.handler(...args);
        },
        algorithms: { serverHostKey: hostKeyOrder(attempt.pins, attempt.shown) as never, compress: ["none"] },
        hostVerifier,
        readyTimeout: 0,
        // Pings only: whether the line lives is judged by what moves on it (see session.ts).
        keepaliveInterval: options.keepaliveMs ?? 5000,
        keepaliveCountMax: Number.MAX_SAFE_INTEGER,
      })
      // It rejects on the first `error`, though some are survived: the listeners below decide.
      .catch(() => {});
    const client = ssh.connection!;
    client.on("error", fail);
    client.once("close", () => fail(null));
    client.once("handshake", () => enter("auth"));
    client.once("ready", () =>
      settle(() => {
        client.off("error", fail);
        const connection = sessionOf(target, ssh, line, {
          keepaliveMs: options.keepaliveMs ?? 5000,
          after: () => void jump?.connection.close(),
        });
        resolve({ connected: { connection, ssh } });
      }),
    );
    line.stream.on("data", onData);
    const only = attempt.keys.length === 1 ? attempt.keys[0]! : null;
    if (only && !only.agent) loginQuickly(client, target.user, only.key);
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener("abort", onAbort, { once: true });
  });
}

async function openLine(
  target: Target,
  options: ConnectOptions,
): Promise<{ line: Line; jump: Connected | null }> {
  if (target.jump === null) return { line: await dialTcp(target, options.signal), jump: null };
  const via = target.jump;
  const jump = await connectOver(via, options, true).catch((error) => {
    throw throughJump(target, via, error);
  });
  try {
    const stream = await jump.ssh.forwardOut("127.0.0.1", 0, target.host, target.port);
    let written = 0;
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((chunk: Buffer, ...rest: unknown[]) => {
      written += chunk.length;
      return write(chunk, ...rest);
    }) as typeof stream.write;
    const hangUp = () => stream.end();
    return { line: { stream, sent: () => written - stream.writableLength, hangUp }, jump };
  } catch (error) {
    await jump.connection.close();
    throw forwardFailure(target, via, error as Error);
  }
}

/** A fingerprint does not say its key's type: when it does not fit, the server may hold the fitting key as well. */
function mayHoldAnother(attempt: Attempt, kind: string, offered: string[]): boolean {
  const pins = kind === "changed" ? attempt.pins.trusted : attempt.pins.optional;
  const untyped = pins.some((pin) => pin.type === null);
  const left = hostKeyOrder(attempt.pins).some(
    (algorithm) =>
      offered.includes(algorithm) && !attempt.shown.includes(algorithm.replace(/^rsa-sha2-\d+$/, "ssh-rsa")),
  );
  return kind !== "revoked" && untyped && left;
}

function authError(target: Target, attempt: Attempt, login: Login, error: Error | null): DeployError {
  if (error === null && login.accepts === null) {
    return unreachable(
      target,
      "closed-early",
      `${target.host} closed the connection during the login of ${target.user}`,
      {
        hint: "the user may be barred (AllowUsers, expired account, /etc/nologin): look into the host's auth log",
      },
    );
  }
  return loginFailure(target, attempt.identities, attempt.tried, login, error?.message ?? null);
}
