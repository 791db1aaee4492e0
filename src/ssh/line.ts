import { type Socket, type TcpNetConnectOpts, connect as tcp } from "node:net";
import type { Duplex } from "node:stream";
import { asDeployError, DeployError } from "../errors.ts";
import { place, stalled, tcpFailure, unreachable } from "./failure.ts";
import type { Target } from "./types.ts";

/** The byte stream that SSH runs over: a TCP connection, or a channel through a jump host. */
export interface Line {
  stream: Duplex;
  /** Bytes that have left this process so far. */
  sent(): number;
  /** Resolves when what is written has left, then the line is cut. */
  hangUp(): void;
}

/** Opens a TCP connection without Nagle's delay. */
export function dialTcp(target: Target, signal: AbortSignal | undefined): Promise<Line> {
  const how: TcpNetConnectOpts & { autoSelectFamilyAttemptTimeout: number } = {
    host: target.host,
    port: target.port,
    noDelay: true,
    // Node's 250 ms for each address of a name is less than one round trip on a slow line.
    autoSelectFamilyAttemptTimeout: 2000,
  };
  const socket = tcp(how);
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      act();
    };
    const fail = (error: DeployError) =>
      settle(() => {
        socket.on("error", () => {});
        socket.destroy();
        reject(error);
      });
    const onError = (error: Error) => fail(tcpFailure(target, error));
    const onAbort = () => fail(aborted(target));
    const timeoutMs = target.connectTimeoutMs;
    const timer = setTimeout(
      () => fail(stalled(target, { stage: "tcp", banner: "", offers: null, timeoutMs, error: null })),
      timeoutMs,
    );
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("connect", () => settle(() => resolve(tcpLine(socket))));
  });
}

function tcpLine(socket: Socket): Line {
  return {
    stream: socket,
    sent: () => socket.bytesWritten - socket.writableLength,
    hangUp: () => socket.destroySoon(),
  };
}

/** The caller gave up while the connection was being made. */
export function aborted(target: Target): DeployError {
  return unreachable(target, "aborted", `Connecting to ${place(target)} was cancelled`);
}

/** An error of the jump host, told apart from one of the host behind it. */
export function throughJump(target: Target, jump: Target, thrown: unknown): DeployError {
  const error = asDeployError(thrown);
  return new DeployError(
    error.code,
    error.exitCode,
    `The jump host ${jump.name} on the way to ${target.name}: ${error.message}`,
    { ...error.details, host: jump.name },
  );
}

/** The jump host is fine but can not reach the target. */
export function forwardFailure(target: Target, jump: Target, error: Error): DeployError {
  // RFC 4254, section 5.1: administratively prohibited, or a kind of channel that the server does not have.
  const prohibited = [1, 3].includes(Number((error as { reason?: unknown }).reason));
  return unreachable(
    target,
    "jump-forward",
    prohibited
      ? `The jump host ${jump.name} does not forward connections`
      : `The jump host ${jump.name} can not reach ${place(target)}`,
    {
      seen: error.message,
      hint: prohibited
        ? "sshd_config on the jump host needs AllowTcpForwarding (and PermitOpen, if set) for this user"
        : `is the address right as seen from ${jump.name}, and does the host let it in?`,
      cause: error,
    },
  );
}
