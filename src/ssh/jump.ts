import { setTimeout as delay } from "node:timers/promises";
import type { NodeSSH } from "node-ssh";
import { asDeployError, DeployError, Told } from "../errors.ts";
import { connectionLost, place, unreachable } from "./failure.ts";
import { aborted, type Line } from "./line.ts";
import type { Watched } from "./session.ts";
import type { Target } from "./types.ts";

/** A jump host that lets us in. */
export interface Jump {
  connection: Watched;
  ssh: NodeSSH;
}

/** A line to the target through a jump host (direct-tcpip, RFC 4254, section 7.2). The jump is closed on failure. */
export async function lineThrough(
  target: Target,
  via: Target,
  jump: Jump,
  signal: AbortSignal | undefined,
): Promise<Line> {
  try {
    const asked = jump.ssh.forwardOut("127.0.0.1", 0, target.host, target.port);
    const stream = await inTime(asked, target, signal);
    let written = 0;
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((chunk: Buffer, ...rest: unknown[]) => {
      written += chunk.length;
      return write(chunk, ...rest);
    }) as typeof stream.write;
    return { stream, sent: () => written - stream.writableLength, hangUp: () => stream.end() };
  } catch (error) {
    const broken = jump.connection.broken();
    const closed = jump.connection.close();
    // Who gives up does not wait for a jump host to say goodbye.
    if (signal?.aborted) throw aborted(target);
    await closed;
    throw isAnswer(error)
      ? forwardFailure(target, via, error as Error)
      : jumpFailure(target, via, broken ?? lost(via));
  }
}

/** Whether the jump host refused, or we waited in vain: with anything else its connection has ended. */
function isAnswer(error: unknown): boolean {
  return error instanceof Told || (error as { reason?: unknown }).reason !== undefined;
}

const lost = (via: Target) => connectionLost(via, "closed by the host");

/** The jump host itself waits for the target, which may not answer: it says so later than we give up, or never. */
async function inTime<T>(
  answer: Promise<T>,
  { connectTimeoutMs }: Target,
  signal: AbortSignal | undefined,
): Promise<T> {
  const late = new AbortController();
  const stop = () => late.abort();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([
      answer,
      delay(connectTimeoutMs, undefined, { signal: late.signal }).then(() => {
        throw new Told(`no answer within ${connectTimeoutMs / 1000} s`);
      }),
    ]);
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    answer.catch(() => {});
  }
}

/** An error of the jump host, told apart from one of the host behind it. */
export function jumpFailure(target: Target, via: Target, thrown: unknown): DeployError {
  const { code, exitCode, message, details } = asDeployError(thrown);
  const text = `The jump host ${via.name} on the way to ${target.name}: ${message}`;
  return new DeployError(code, exitCode, text, { ...details, host: via.name });
}

/** The jump host is fine but does not lead to the target. */
function forwardFailure(target: Target, via: Target, error: Error): DeployError {
  const details = { seen: error.message, cause: error };
  // RFC 4254, section 5.1: administratively prohibited, or a kind of channel that the server does not have.
  if ([1, 3].includes(Number((error as { reason?: unknown }).reason))) {
    return unreachable(target, "jump-forward", `The jump host ${via.name} does not forward connections`, {
      ...details,
      hint: "sshd_config on the jump host needs AllowTcpForwarding (and PermitOpen, if set) for this user",
    });
  }
  return unreachable(target, "jump-forward", `The jump host ${via.name} can not reach ${place(target)}`, {
    ...details,
    hint: `is the address right as seen from ${via.name}, and does the host let it in?`,
  });
}
