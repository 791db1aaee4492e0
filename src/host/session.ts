import { setTimeout as delay } from "node:timers/promises";
import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { Channel, Connection } from "../ssh/types.ts";
import { agentCommand, agentPreamble, agentProgram } from "./agent.ts";
import { refusal } from "./refusal.ts";

/** One agent on one host. Requests are answered in order; a lost connection is made again and the request repeated. */
export interface HostSession {
  readonly name: string;
  /**
   * Asks the agent for one operation (djd_agent.py and djd_running.py, `op_…`). `onLog` gets what it says meanwhile: text of a step, or
   * an object. Rejects with a DeployError: a refusal of the host keeps its code, a lost connection is
   * `host.connection-lost`.
   */
  request<T>(
    op: string,
    args?: object,
    options?: { blob?: Buffer; onLog?: (log: unknown) => void },
  ): Promise<T>;
  /** Ends the step that runs, if one does; the request for it is then answered. */
  cancel(): void;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Folder of the application on the host. */
  site: string;
  connect: () => Promise<Connection>;
  /** Asked again after a lost connection, before the request is repeated: takes the lock for the same run. */
  resume?: (session: HostSession) => Promise<void>;
  onLost?: (reason: string) => void;
}

const pingMs = 5_000;
const reconnectMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onLog: ((log: unknown) => void) | undefined;
}

class ConnectionLost extends Error {}

/** A running agent over one channel. */
interface Link {
  send(op: string, args: object, blob: Buffer | undefined, onLog: Pending["onLog"]): Promise<unknown>;
  signal(op: string): void;
  close(): Promise<void>;
}

export async function openSession(name: string, options: SessionOptions): Promise<HostSession> {
  let link = await openLink(name, options);
  let closed = false;
  let resuming = false;

  const session: HostSession = {
    name,
    async request<T>(
      op: string,
      args: object = {},
      extra: { blob?: Buffer; onLog?: (log: unknown) => void } = {},
    ) {
      for (;;) {
        try {
          return (await link.send(op, args, extra.blob, extra.onLog)) as T;
        } catch (error) {
          if (!(error instanceof ConnectionLost)) throw error;
          if (closed || resuming) throw lost(name, error);
          options.onLost?.(error.message);
          link = await reconnect(error);
        }
      }
    },
    cancel: () => link.signal("cancel"),
    async close() {
      closed = true;
      await link.close();
    },
  };

  async function reconnect(first: Error): Promise<Link> {
    let last: Error = first;
    for (const wait of reconnectMs) {
      await delay(wait);
      try {
        link = await openLink(name, options);
        resuming = true;
        await options.resume?.(session);
        return link;
      } catch (error) {
        last = asDeployError(error);
        // Who was refused the lock is not let in by asking again.
        if (error instanceof DeployError && error.code.startsWith("lock.")) throw error;
      } finally {
        resuming = false;
      }
    }
    throw lost(name, last);
  }

  return session;
}

function lost(name: string, cause: Error): DeployError {
  return new DeployError(
    "host.connection-lost",
    ExitCode.failed,
    `the connection to ${name} was lost and did not come back`,
    {
      host: name,
      seen: cause.message,
      hint: "the host finishes the step that runs; run the same command again and it picks up from there",
      cause,
    },
  );
}

async function openLink(name: string, options: SessionOptions): Promise<Link> {
  const connection = await options.connect();
  let channel: Channel;
  try {
    channel = await connection.open(agentCommand);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let gone: Error | null = null;
  let greeted: (() => void) | null = null;
  let stderr = "";
  let noise = "";

  const fail = (reason: Error) => {
    if (gone) return;
    gone = reason;
    for (const entry of pending.values()) entry.reject(reason);
    pending.clear();
  };
  const greeting = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  void channel.closed.then(({ code, signal }) =>
    fail(new ConnectionLost(`the agent ended (${signal ?? code ?? "connection lost"})`)),
  );
  void connection.lost.then((reason) =>
    fail(new ConnectionLost(reason?.message ?? "the connection was closed")),
  );
  channel.stderr.on("data", (data: Buffer) => {
    stderr = (stderr + data.toString("utf8")).slice(-4000);
  });
  channel.stdin.on("error", () => {});
  readLines(channel, (line) => {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      // What a login script prints before the agent speaks.
      noise = (noise + line).slice(-1000);
      return;
    }
    if (message.hello) {
      greeted?.();
      return;
    }
    const entry = pending.get(message.id ?? 0);
    if (!entry) return;
    if (message.log !== undefined) {
      entry.onLog?.(message.log);
      return;
    }
    pending.delete(message.id ?? 0);
    if (message.refused) entry.reject(refusal(name, message.refused));
    else if (message.crash !== undefined) entry.reject(crashed(name, message.crash));
    else entry.resolve(message.ok);
  });

  channel.stdin.write(agentPreamble(agentProgram(options.site)));
  const ping = setInterval(() => channel.stdin.write('{"op":"ping"}\n'), pingMs);
  ping.unref();
  void channel.closed.then(() => clearInterval(ping));

  // The greeting is not waited for: the first request travels behind the program.
  void greeting;

  return {
    send(op, args, blob, onLog) {
      if (gone) return Promise.reject(startFailure(name, stderr, noise) ?? gone);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const failing = (error: Error) =>
          reject((error === gone && startFailure(name, stderr, noise)) || error);
        pending.set(id, { resolve, reject: failing, onLog });
        channel.stdin.write(`${JSON.stringify({ id, op, args, ...(blob ? { blob: blob.length } : {}) })}\n`);
        if (blob) channel.stdin.write(blob);
      });
    },
    signal(op) {
      if (!gone) channel.stdin.write(`${JSON.stringify({ op })}\n`);
    },
    async close() {
      clearInterval(ping);
      channel.stdin.end();
      await Promise.race([channel.closed, delay(3_000, undefined, { ref: false })]);
      await connection.close();
    },
  };
}

interface Message {
  id?: number;
  hello?: number;
  log?: unknown;
  ok?: unknown;
  refused?: { code: string; message: string; data: Record<string, unknown> };
  crash?: string;
}

/** The shell could not start the agent at all: that does not get better by trying again. */
function startFailure(name: string, stderr: string, noise: string): DeployError | null {
  if (/python3: (command )?not found|No such file/.test(stderr)) {
    return new DeployError("host.no-python", ExitCode.failed, `${name} has no python3`, {
      host: name,
      expected: "Python 3.8 or newer as python3",
      seen: stderr.trim(),
      hint: "djdeploy setup ENV --user root installs what is needed",
    });
  }
  const text = `${stderr}${noise}`.trim();
  if (/account is currently not available|nologin|Traceback|SyntaxError/.test(text)) {
    return new DeployError("host.agent", ExitCode.failed, `the agent could not be started on ${name}`, {
      host: name,
      output: text,
    });
  }
  return null;
}

function crashed(name: string, trace: string): DeployError {
  return new DeployError("host.crash", ExitCode.failed, `the agent on ${name} failed (this is a bug)`, {
    host: name,
    output: trace,
    seen: trace.trim().split("\n").at(-1) ?? "",
  });
}

function readLines(channel: Channel, onLine: (line: string) => void): void {
  let pieces: Buffer[] = [];
  channel.stdout.on("data", (data: Buffer) => {
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      pieces.push(data.subarray(start, end));
      onLine(Buffer.concat(pieces).toString("utf8"));
      pieces = [];
      start = end + 1;
    }
    if (start < data.length) pieces.push(data.subarray(start));
  });
}
