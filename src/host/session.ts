import { setTimeout as delay } from "node:timers/promises";
import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { Connection } from "../ssh/types.ts";
import { agentOf } from "./agent.ts";
import { ConnectionLost, type Link, openLink, type Question } from "./link.ts";

/** Who can be asked for one operation of the agent (djd_agent.py and djd_running.py, `op_…`). */
export interface Asked {
  /**
   * `onLog` gets what the agent says meanwhile: text of a step, or an object. Rejects with a DeployError: a refusal of
   * the host keeps its code, a lost connection is `host.connection-lost`.
   */
  request<T>(
    op: string,
    args?: object,
    options?: { blob?: Buffer; onLog?: (log: unknown) => void },
  ): Promise<T>;
}

/** One agent on one host. Requests are answered in order; after a lost connection what was not answered is asked again. */
export interface HostSession extends Asked {
  readonly name: string;
  /**
   * For questions that are sent together and cost one round trip: when one fails, or is answered with `ok: false`, the
   * agent does not begin those behind it, and they reject with NotBegun.
   */
  chain(): Asked;
  /** False once a lost connection did not come back, until a later request makes it again. */
  readonly reachable: boolean;
  /** Ends the step that runs, if one does; the request for it is then answered. */
  cancel(): void;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Folder of the application on the host. */
  site: string;
  connect: () => Promise<Connection>;
  /** Asked on a new connection before what was not answered is asked again: takes the lock for the same run. */
  resume?: (again: Asked) => Promise<void>;
  onLost?: (reason: string) => void;
}

const reconnectMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

interface Open extends Question {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export async function openSession(name: string, options: SessionOptions): Promise<HostSession> {
  const dial = async () => {
    const connecting = options.connect();
    const agent = agentOf(options.site); // packed while the host answers
    return openLink(name, await connecting, agent);
  };
  let link = await dial();
  let closed = false;
  let reconnecting = false;
  let patience = reconnectMs;
  let chains = 0;
  /** What is not answered yet, in the order in which it was asked. */
  const open = new Set<Open>();

  function ask<T>(question: Question): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      const entry: Open = { ...question, resolve: (value) => resolve(value as T), reject };
      open.add(entry);
      if (!reconnecting) send(entry, link);
    });
    // Those of a chain are awaited one after the other: a later one may fail before somebody looks.
    answer.catch(() => {});
    return answer;
  }

  function send(entry: Open, over: Link): void {
    const settle = () => open.delete(entry);
    over.send(entry).then(
      (value) => settle() && entry.resolve(value),
      (error) => {
        if (error instanceof ConnectionLost && !closed) lost(over, error);
        else if (settle()) entry.reject(error instanceof ConnectionLost ? gone(name, error) : error);
      },
    );
  }

  function lost(over: Link, reason: Error): void {
    if (reconnecting || over !== link) return;
    reconnecting = true;
    if (patience.length > 0) options.onLost?.(reason.message);
    reconnect(reason)
      .then(
        (again) => {
          link = again;
          reconnecting = false;
          for (const entry of open) send(entry, link);
        },
        (error) => {
          reconnecting = false;
          for (const entry of open) entry.reject(error);
          open.clear();
        },
      )
      .catch(() => {});
  }

  async function reconnect(first: Error): Promise<Link> {
    let last: Error = first;
    const waits = patience;
    // Once all of it is spent, going back asks once more, and what follows that is not held up any longer.
    patience = waits === reconnectMs ? [0] : [];
    for (const wait of waits) {
      await delay(wait);
      if (closed) break;
      try {
        const again = await dial();
        const direct: Asked = {
          request: <T>(op: string, args: object = {}, extra = {}) =>
            again.send({ op, args, ...extra }) as Promise<T>,
        };
        await options.resume?.(direct);
        patience = reconnectMs;
        return again;
      } catch (error) {
        last = asDeployError(error);
        // Who was refused the lock is not let in by asking again.
        if (error instanceof DeployError && error.code.startsWith("lock.")) throw error;
      }
    }
    throw gone(name, last);
  }

  return {
    name,
    request: (op, args = {}, extra = {}) => ask({ op, args, ...extra }),
    chain() {
      const chain = ++chains;
      return { request: (op, args = {}, extra = {}) => ask({ op, args, chain, ...extra }) };
    },
    get reachable() {
      return patience === reconnectMs;
    },
    cancel: () => link.signal("cancel"),
    async close() {
      closed = true;
      await link.close();
    },
  };
}

function gone(name: string, cause: Error): DeployError {
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
