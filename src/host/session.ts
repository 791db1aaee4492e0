import { setTimeout as delay } from "node:timers/promises";
import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { Connection } from "../ssh/types.ts";
import { agentOf } from "./agent.ts";
import { isUnheard } from "./faults.ts";
import { ConnectionLost, type Limits, type Link, openLink, type Question, usualLimits } from "./link.ts";
import { neverAnswered, notStarted } from "./not-started.ts";
import type { AnswerOf, ArgsOf, LogOf, Operation } from "./protocol.ts";

/** Nothing needs to be said where an operation takes nothing. */
type Rest<Op extends Operation> =
  Record<string, never> extends ArgsOf<Op>
    ? [args?: ArgsOf<Op>, options?: RequestOptions<Op>]
    : [args: ArgsOf<Op>, options?: RequestOptions<Op>];

export interface RequestOptions<Op extends Operation> {
  /** Bytes that go with it. */
  blob?: Buffer;
  /** Gets what the agent says meanwhile: text of a step, or an object. */
  onLog?: (log: LogOf<Op>) => void;
}

/** Who can be asked for one operation of the agent (protocol.ts). */
export interface Asked {
  /**
   * Answers are what the table says. Rejects with a DeployError: a refusal of the host keeps its code, a lost connection
   * is `host.connection-lost`, a host that says nothing `host.silent`, one that says something else `host.answer`.
   */
  request<Op extends Operation>(op: Op, ...rest: Rest<Op>): Promise<AnswerOf<Op>>;
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
  /** The signal: the session is closed, nobody waits for the connection any more. */
  connect: (closed: AbortSignal) => Promise<Connection>;
  /** Asked on a new connection before what was not answered is asked again: takes the lock for the same run. */
  resume?: (again: Asked) => Promise<void>;
  onLost?: (reason: string) => void;
  limits?: Partial<Limits>;
  /** Before each attempt to connect again after a loss, in ms. */
  reconnectMs?: readonly number[];
}

const usualWaits: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** A link that was lost earlier than this, in ms, and on which nothing was answered, came to nothing. */
const briefMs = 30_000;
/** After so many of those in a row the host ends the agent each time, and would for ever. */
const mostBrief = 5;

interface Open extends Question {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export async function openSession(name: string, options: SessionOptions): Promise<HostSession> {
  const limits = { ...usualLimits, ...options.limits };
  const waits = options.reconnectMs ?? usualWaits;
  const closed = new AbortController();
  const dial = async () => {
    const connecting = options.connect(closed.signal);
    const agent = agentOf(options.site); // packed while the host answers
    const connection = await connecting;
    user = connection.user;
    return openLink(name, connection, agent, limits);
  };
  let user = "";
  let link = await dial();
  let linkSince = Date.now();
  /** Since this link was opened, and since the first one was. */
  let answered = false;
  let everAnswered = false;
  let brief = 0;
  /** Links on which the host said nothing. */
  const silent = new Set<Link>();
  let reconnecting = false;
  /** The return that is under way, or was last. */
  let returning: Promise<void> | null = null;
  let patience = waits;
  let chains = 0;
  /** What is not answered yet, in the order in which it was asked. */
  const open = new Set<Open>();

  function ask<Op extends Operation>(question: Question): Promise<AnswerOf<Op>> {
    const answer = new Promise<AnswerOf<Op>>((resolve, reject) => {
      const entry: Open = { ...question, resolve: (value) => resolve(value as AnswerOf<Op>), reject };
      open.add(entry);
      if (!reconnecting) send(entry, link);
    });
    // Those of a chain are awaited one after the other: a later one may fail before somebody looks.
    answer.catch(() => {});
    return answer;
  }

  function send(entry: Open, over: Link): void {
    const settle = () => open.delete(entry);
    // What was left unanswered is not asked again, but somebody may want to go back: that is tried, once.
    if (over.silent && patience.length > 0) return void lost(over, over.silent);
    over.send(entry).then(
      (value) => {
        answered = everAnswered = true;
        if (settle()) entry.resolve(value);
      },
      (error) => {
        if (error instanceof ConnectionLost && !closed.signal.aborted) return void lost(over, error);
        if (over.silent && !silent.has(over)) {
          silent.add(over);
          patience = silent.size > 1 ? [] : [0];
        }
        if (settle()) entry.reject(error instanceof ConnectionLost ? gone(name, error) : error);
      },
    );
  }

  function lost(over: Link, reason: Error): void {
    if (reconnecting || over !== link) return;
    reconnecting = true;
    if (patience.length > 0) options.onLost?.(reason.message);
    brief = !answered && Date.now() - linkSince < briefMs ? brief + 1 : 0;
    returning = reconnect(reason)
      .then(
        (again) => {
          link = again;
          linkSince = Date.now();
          answered = false;
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
    // One that never answered may have met a bad moment once; more often something there ends it.
    const tries = everAnswered ? patience : patience.slice(0, Math.max(0, 2 - brief));
    const now = brief < mostBrief ? tries : [];
    // Once all of it is spent, going back asks once more, and what follows that is not held up any longer.
    patience = now === waits ? [0] : [];
    for (const wait of now) {
      await delay(wait, undefined, { signal: closed.signal }).catch(() => {});
      if (closed.signal.aborted) break;
      let again: Link | null = null;
      const leave = () => void again?.close();
      closed.signal.addEventListener("abort", leave);
      try {
        again = await dial();
        await options.resume?.(askOver(again));
        if (closed.signal.aborted) throw first;
        everAnswered ||= options.resume !== undefined;
        patience = waits;
        return again;
      } catch (error) {
        await again?.close();
        last = error instanceof ConnectionLost ? error : asDeployError(error);
        // Who was refused the lock is not let in by asking again, and who says nothing does not speak then.
        if (error instanceof DeployError && (error.code.startsWith("lock.") || isUnheard(error.code)))
          throw error;
        if (last instanceof DeployError && last.code === "ssh.aborted") throw gone(name, first);
      } finally {
        closed.signal.removeEventListener("abort", leave);
      }
    }
    if (everAnswered || closed.signal.aborted) throw gone(name, last);
    if (!(last instanceof ConnectionLost)) throw last;
    const { message, printed, greeted } = last;
    throw greeted
      ? neverAnswered(name, user, message, printed)
      : notStarted(name, user, { code: null, signal: null, lost: message }, printed);
  }

  return {
    name,
    request: (op, ...rest) => ask(questionOf(op, rest)),
    chain() {
      const chain = ++chains;
      return { request: (op, ...rest) => ask({ ...questionOf(op, rest), chain }) };
    },
    get reachable() {
      return patience === waits;
    },
    cancel: () => link.signal("cancel"),
    async close() {
      closed.abort();
      // A return that is under way has a connection of its own, or is about to.
      await Promise.all([link.close(), returning]);
    },
  };
}

/** Asks one link, whatever becomes of it. */
function askOver(link: Link): Asked {
  return {
    request: <Op extends Operation>(op: Op, ...rest: Rest<Op>) =>
      link.send(questionOf(op, rest)) as Promise<AnswerOf<Op>>,
  };
}

function questionOf<Op extends Operation>(op: Op, rest: Rest<Op>): Question {
  const [args = {}, options = {}] = rest as [args?: object, options?: object];
  // The link gives only what the table says of this operation.
  return { op, args, ...options };
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
