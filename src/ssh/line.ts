import { type Socket, type TcpNetConnectOpts, connect as tcp } from "node:net";
import type { Duplex } from "node:stream";
import type { DeployError } from "../errors.ts";
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
    const timer = setTimeout(() => fail(stalled(target, { stage: "tcp", timeoutMs })), timeoutMs);
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
