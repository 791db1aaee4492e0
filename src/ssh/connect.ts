import { NodeSSH } from "node-ssh";
import type { ServerHostKeyAlgorithm } from "ssh2";
import type { DeployError } from "../errors.ts";
import { handshakeFailure, type Progress, type Stage, stalled, unreachable, unreadable } from "./failure.ts";
import { hostCheck } from "./host-check.ts";
import { type HostPins, hostKeyOrder, pinsFor } from "./host-key.ts";
import { type Identities, type Identity, identitiesOf } from "./identities.ts";
import { type Jump, jumpFailure, lineThrough } from "./jump.ts";
import { readHello } from "./kexinit.ts";
import { aborted, dialTcp, type Line } from "./line.ts";
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
  return (await connectTo(target, options, false)).connection;
}

/** Everything that attempts at one host share. */
interface Attempts {
  target: Target;
  options: ConnectOptions;
  pins: HostPins;
  identities: Identities;
  /** Keys that were offered. */
  tried: Identity[];
  /** Connections that the server ended after so many wrong keys. */
  endings: number;
  /** Host key types that the server has shown in vain. */
  shown: string[];
}

async function connectTo(target: Target, options: ConnectOptions, isJump: boolean): Promise<Jump> {
  const identities = await identitiesOf(target, options.signal);
  const attempts = {
    target,
    options,
    pins: pinsFor(target, isJump),
    identities,
    tried: [],
    endings: 0,
    shown: [],
  };
  for (;;) {
    const connected = await attempt(attempts, await openLine(target, options));
    if (connected) return connected;
  }
}

interface Way {
  line: Line;
  /** Closes what has to be closed behind it. */
  after(): void;
  /** Why the jump host's own connection broke, if it did: then the host behind it is not what failed. */
  broken(): DeployError | null;
}

async function openLine(target: Target, options: ConnectOptions): Promise<Way> {
  const via = target.jump;
  if (via === null)
    return { line: await dialTcp(target, options.signal), after: () => {}, broken: () => null };
  const jump = await connectTo(via, options, true).catch((error) => {
    throw jumpFailure(target, via, error);
  });
  return {
    line: await lineThrough(target, via, jump, options.signal),
    after: () => void jump.connection.close(),
    broken() {
      const error = jump.connection.broken();
      return error && jumpFailure(target, via, error);
    },
  };
}

/** One connection. null when another one may go better: with another type of host key, or with more keys. */
function attempt(attempts: Attempts, { line, after, broken }: Way): Promise<Jump | null> {
  const { target, options, tried, shown } = attempts;
  const keys = attempts.identities.usable.filter((one) => !tried.includes(one));
  const keepaliveMs = options.keepaliveMs ?? 5000;
  const login = loginWith(target.user, keys);
  const ssh = new NodeSSH();
  const hello: Buffer[] = [];
  let stage: Stage = "banner";
  const progress = (error: Progress["error"] = null): Progress => ({
    ...readHello(Buffer.concat(hello)),
    stage,
    timeoutMs: target.connectTimeoutMs,
    error,
  });

  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    let settled = false;
    const settle = () => {
      settled = true;
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      line.stream.off("data", onData);
    };
    const giveUp = (error: DeployError | null) => {
      if (settled) return;
      settle();
      const cause = broken();
      line.stream.destroy();
      after();
      if (cause) return reject(cause);
      if (error) reject(error);
      else resolve(null);
    };
    const onAbort = () => giveUp(aborted(target));
    const enter = (next: Stage) => {
      // A person may answer, or a server go on, when this was given up long ago.
      if (settled) return;
      stage = next;
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(stalled(target, progress())), target.connectTimeoutMs);
    };
    const onData = (chunk: Buffer) => {
      if (stage === "banner") enter("handshake");
      if (hello.length < 16) hello.push(chunk);
    };
    const check = hostCheck(target, {
      pins: attempts.pins,
      shown,
      ask: options.ask,
      offered: () => progress().offers?.hostKey ?? [],
      pause: () => clearTimeout(timer),
      resume: () => enter("handshake"),
    });
    const fail = (error: Progress["error"]) => {
      // An agent that can not sign with one key says so, and the next key follows.
      if (settled || error?.level === "agent") return;
      if (check.refusal) return giveUp(check.again ? null : check.refusal);
      if (stage !== "auth") return giveUp(handshakeFailure(target, progress(error)));
      tried.push(...login.tried);
      attempts.endings++;
      giveUp(hasMoreKeys(attempts, login, error) ? null : authError(attempts, login, error));
    };

    enter("banner");
    ssh
      .connect({
        sock: line.stream,
        username: target.user,
        authHandler: (...args) => {
          enter("auth");
          login.handler(...args);
        },
        algorithms: {
          serverHostKey: hostKeyOrder(attempts.pins, shown) as ServerHostKeyAlgorithm[],
          compress: ["none"],
        },
        hostVerifier: check.verify,
        readyTimeout: 0,
        // Pings only: whether the line lives is judged by what moves on it (see session.ts).
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: Number.MAX_SAFE_INTEGER,
      })
      // It rejects on the first `error`, though some are survived: the listeners below decide.
      .catch(() => {});
    const client = ssh.connection!;
    client.on("error", fail);
    client.once("close", () => fail(null));
    client.once("handshake", () => enter("auth"));
    client.once("ready", () => {
      settle();
      client.off("error", fail);
      resolve({ connection: sessionOf(target, ssh, line, { keepaliveMs, after, broken }), ssh });
    });
    line.stream.on("data", onData);
    const only = keys.length === 1 ? keys[0]! : null;
    if (only && !only.agent) loginQuickly(client, target.user, only.key);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
  });
}

/** A host counts who knocks too often (fail2ban, sshd's PerSourcePenalties) and shuts out the whole machine. */
const mostEndings = 5;

/** sshd hangs up after MaxAuthTries keys (RFC 4253, section 11.1: a protocol error); it counts per connection. */
function hasMoreKeys(
  { identities, tried, endings }: Attempts,
  login: Login,
  error: Progress["error"],
): boolean {
  const hungUp = error?.code === 2 || error?.code === 14;
  return (
    hungUp &&
    endings < mostEndings &&
    login.tried.length > 0 &&
    identities.usable.some((one) => !tried.includes(one))
  );
}

function authError(
  { target, identities, tried }: Attempts,
  login: Login,
  error: Progress["error"],
): DeployError {
  // What sshd says when it hangs up has a number, and what a socket or the login says another level.
  if (error && (error.level ?? "protocol") === "protocol" && error.code === undefined)
    return unreadable(target, error);
  if (error !== null || login.accepts !== null) {
    return loginFailure(target, identities, tried, login, error?.message ?? null);
  }
  const message = `${target.host} closed the connection during the login of ${target.user}`;
  return unreachable(target, "closed-early", message, {
    hint: "the user may be barred (AllowUsers, expired account, /etc/nologin): look into the host's auth log",
  });
}
