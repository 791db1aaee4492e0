import { setTimeout as delay } from "node:timers/promises";
import type { NodeSSH } from "node-ssh";
import type { ClientChannel } from "ssh2";
import { DeployError, ExitCode, Told } from "../errors.ts";
import { connectionLost, stalled, unreachable } from "./failure.ts";
import type { Line } from "./line.ts";
import { tailOf } from "./tail.ts";
import type { Channel, Connection, ExecOptions, ExecResult, Target } from "./types.ts";

/** Output beyond this many characters is dropped from its beginning. */
const outputLimit = 4 * 1024 * 1024;

/** How long a farewell may take, in ms: a dead or unwilling line does not hold up who leaves. */
const farewellMs = 2_000;

/** A quiet line that sends this much between two looks is slow, not dead. */
const alive = 64 * 1024;

/** A connection over which another one leads must say what became of it. */
export interface Watched extends Connection {
  /** Why it broke; null while it lives, or was closed by us. */
  broken(): DeployError | null;
}

/** Makes the Connection of a logged-in client and watches over it until it is closed. */
export function sessionOf(
  target: Target,
  ssh: NodeSSH,
  line: Line,
  options: { keepaliveMs: number; after: () => void; broken: () => DeployError | null },
): Watched {
  const client = ssh.connection!;
  let closing = false;
  let gone: DeployError | null = null;
  let reason: Error | null = null;
  /** Why we closed it, where that was not asked for. */
  let stall: DeployError | null = null;
  // ssh2 and node-ssh stop listening once connected: an error without a listener would end the process.
  client.on("error", (error) => {
    reason ??= error;
  });
  const stopWatching = watch(line, options.keepaliveMs, () => {
    reason ??= new Told(`no answer for ${(options.keepaliveMs * 4) / 1000} s`);
    line.stream.destroy();
  });
  const whyLost = () => connectionLost(target, reason?.message ?? "closed by the host", reason ?? undefined);
  const lost = new Promise<Error | null>((resolve) => {
    client.once("close", () => {
      stopWatching();
      gone = options.broken() ?? whyLost();
      options.after();
      resolve(stall ?? (closing ? null : gone));
    });
  });

  const requestChannel = (command: string) =>
    new Promise<Abandonable>((resolve, reject) => {
      if (gone || closing) return reject(gone ?? connectionLost(target, "it is closed"));
      const timer = setTimeout(() => {
        stall ??= stalled(target, { stage: "channel", timeoutMs: target.connectTimeoutMs });
        reject(stall);
        void close();
      }, target.connectTimeoutMs);
      void lost.then(() => {
        clearTimeout(timer);
        reject(gone ?? connectionLost(target, "it is closed"));
      });
      const answer = (error: Error | undefined, channel: ClientChannel) => {
        clearTimeout(timer);
        // Here and now: what a quick program says of its end may stand in the very packets being read.
        if (!error) return resolve(asChannel(channel, { lost, isOver: () => gone !== null }));
        // A lost connection fails its waiting requests just after it says that it is closed.
        setImmediate(() => reject(gone ?? channelRefused(target, error)));
      };
      try {
        client.exec(command, answer);
      } catch {
        // It throws where the host has ended the connection, and the end has not been told yet.
        client.destroy();
      }
    });

  let farewell: Promise<void> | null = null;
  const close = () => {
    if (gone) return Promise.resolve();
    farewell ??= leave();
    return farewell;
  };

  async function leave(): Promise<void> {
    closing = true;
    client.end();
    line.hangUp();
    const timer = setTimeout(() => {
      line.stream.destroy();
      // A line through a jump host ends when that says so; without it, it is ours to end.
      options.after();
    }, farewellMs);
    await Promise.race([lost, delay(2 * farewellMs, undefined, { ref: false })]);
    clearTimeout(timer);
  }

  /** sshd frees the place of a program that has just ended a moment after it says so: only a second no counts. */
  const openChannel = (command: string) =>
    requestChannel(command).catch(async (refusal: DeployError) => {
      if (refusal.code !== "ssh.channel-refused") throw refusal;
      await delay(100);
      return requestChannel(command);
    });

  /** Programs that are run to their end wait for each other: a host allows few channels (sshd's MaxSessions). */
  let queue: Promise<unknown> = Promise.resolve();

  return {
    name: target.name,
    user: target.user,
    lost,
    exec(command, execOptions = {}) {
      const turn = queue.then(async () => collect(target, await openChannel(command), lost, execOptions));
      queue = turn.catch(() => {});
      return turn;
    },
    open: openChannel,
    close,
    broken: () => (closing ? null : gone),
  };
}

/** Calls `dead` when for four looks nothing came in, though pings went out, and little got out. */
function watch(line: Line, everyMs: number, dead: () => void): () => void {
  let received = true;
  let sent = line.sent();
  let misses = 0;
  const onData = () => {
    received = true;
  };
  line.stream.on("data", onData);
  const timer = setInterval(() => {
    const now = line.sent();
    misses = received || now - sent > alive ? 0 : misses + 1;
    received = false;
    sent = now;
    if (misses >= 4) dead();
  }, everyMs);
  return () => {
    clearInterval(timer);
    line.stream.off("data", onData);
  };
}

function channelRefused(target: Target, error: Error): DeployError {
  // ssh2's words where the channel was opened, and the host then refused the program.
  const opened = error.message === "Unable to exec";
  return unreachable(
    target,
    "channel-refused",
    `${target.name} does not start another program on this connection`,
    {
      seen: error.message,
      hint: opened
        ? `the host opened a channel and started nothing on it: ${target.user} may have no process left (ulimit -u, TasksMax of its user slice); sshd's log says why`
        : "sshd's MaxSessions may be reached, or its login is for forwarding only (PermitTTY, ForceCommand, restrict)",
      cause: error,
    },
  );
}

/** What becomes of the connection under a channel. */
interface Fate {
  lost: Promise<Error | null>;
  isOver(): boolean;
}

/** A channel that can be closed from this side, whatever runs on the other. */
type Abandonable = Channel & { abandon(): void };

type End = { code: number | null; signal: string | null };

/** The end of a channel. A connection that breaks ends it without code, whatever was said before. */
function endOf(channel: ClientChannel, fate: Fate): Promise<End> {
  return new Promise((resolve) => {
    const end: End = { code: null, signal: null };
    channel.on("exit", (code: number | null, signal?: string) => {
      end.code = code;
      end.signal = signal ?? null;
    });
    const nothing = { code: null, signal: null };
    // A lost connection closes its channels too: an exit status that came before may lack its output.
    channel.once("close", () => resolve(fate.isOver() ? nothing : end));
    void fate.lost.then(() => resolve(nothing));
  });
}

function asChannel(channel: ClientChannel, fate: Fate): Abandonable {
  // A write that fails shows in `closed`; without a listener it would end the process.
  channel.on("error", () => {});
  channel.stderr.on("error", () => {});
  const closed = endOf(channel, fate);
  return { stdin: channel, stdout: channel, stderr: channel.stderr, closed, abandon: () => channel.close() };
}

async function collect(
  target: Target,
  channel: Abandonable,
  lost: Promise<Error | null>,
  options: ExecOptions,
): Promise<ExecResult> {
  const stdout = tailOf(outputLimit);
  const stderr = tailOf(outputLimit);
  channel.stdout.on("data", stdout.push);
  if (options.onOutput) channel.stdout.on("data", options.onOutput);
  channel.stderr.on("data", stderr.push);
  channel.stdin.end(options.input ?? "");
  let timedOut = false;
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          channel.abandon();
        }, options.timeoutMs);
  const broken = lost.then((error) => {
    throw error ?? connectionLost(target, "it was closed while a program ran");
  });
  try {
    const end = await Promise.race([channel.closed, broken]);
    if (timedOut) {
      throw new DeployError(
        "ssh.command-timeout",
        ExitCode.failed,
        `A program on ${target.name} did not end within ${options.timeoutMs! / 1000} s`,
        { host: target.name, output: stderr.text().slice(-2000), hint: "it may still be running there" },
      );
    }
    return { ...end, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    clearTimeout(timer);
    broken.catch(() => {});
  }
}
