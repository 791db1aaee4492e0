import { setTimeout as delay } from "node:timers/promises";
import { DeployError, Told } from "../errors.ts";
import type { Channel, Connection } from "../ssh/types.ts";
import { type Agent, agentCommand, agentPreamble } from "./agent.ts";
import { crashed, notOurs, overdue, printsForEver, silent, silentStart } from "./faults.ts";
import { readLines } from "./lines.ts";
import { check, excerpt, longestLine, type Message, readMessage, type Wrong } from "./message.ts";
import { echoed, endText, notStarted } from "./not-started.ts";
import { limitMs, type Operation, shapeOf } from "./protocol.ts";
import { refusal } from "./refusal.ts";

/** How long a host is waited for, in milliseconds. */
export interface Limits {
  /** Between two pings, which the agent answers; all other limits are looked at then. */
  pingMs: number;
  /** From the start of the agent to its greeting. */
  helloMs: number;
  /** Without any sign of life while something is asked. */
  quietMs: number;
  /** From the moment the host may begin with a question to its answer. */
  answerMs: (question: Question) => number;
}

export const usualLimits: Limits = {
  pingMs: 5_000,
  helloMs: 60_000,
  quietMs: 60_000,
  answerMs: ({ op, args }) => limitMs(op, args),
};

/** Bytes a millisecond on the slowest line that is waited for. */
const slowest = 20;
/** What may be on its way when the channel has taken all that was written: its window, and the kernel's buffers. */
const underWay = 4 << 20;
/** What a login shell may print before the agent speaks. */
const mostNoise = 1 << 20;
/** Messages, besides the text of a step, before one question is answered. */
const mostNotes = 1_000;
/** Bytes that go out at once: what is left of them shows how far a large upload is. */
const piece = 256 * 1024;

const pingLine = '{"op":"ping"}';
/** How what we send begins. */
const ofOurs = /^\{("id":\d+,)?"op":"/;

/** One question to the agent (djd_channel.py). */
export interface Question {
  op: Operation;
  args: object;
  blob?: Buffer | undefined;
  /** Gets what the agent says meanwhile: text of a step, or an object. */
  onLog?: ((log: unknown) => void) | undefined;
  /** Questions of one chain: when one fails, or is answered with `ok: false`, the agent does not begin those behind it. */
  chain?: number | undefined;
  /** For how long the host was at it so far, in ms: over all links that it was asked on. */
  waited?: number;
}

/** The agent is gone, and with it the answers to what was asked. */
export class ConnectionLost extends Told {
  /** Whether the agent had spoken. */
  greeted = true;
  /** The end of what was said besides answers. */
  printed = "";
}

/** An earlier question of its chain went wrong. */
export class NotBegun extends Told {
  constructor() {
    super("a question before it went wrong");
  }
}

/** A running agent over one channel. It answers in the order of the questions. */
export interface Link {
  /**
   * Rejects with a DeployError for what the host refused, left unanswered (`host.silent`) or answered wrongly
   * (`host.answer`), with ConnectionLost or with NotBegun. After the first two the link is closed.
   */
  send(question: Question): Promise<unknown>;
  signal(op: string): void;
  /** Why it was closed, where the host left something unanswered. */
  readonly silent: DeployError | null;
  close(): Promise<void>;
}

interface Waiting {
  question: Question;
  bytes: number;
  notes: number;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * Starts the agent over a connection: the copy that the host keeps. A host that keeps none, or another one, gets the
 * program on a second channel, and the questions once more.
 */
export async function openLink(
  name: string,
  connection: Connection,
  agent: Agent,
  limits: Limits = usualLimits,
): Promise<Link> {
  const open = (whole: boolean) =>
    connection.open(agentCommand(agent)).then(
      (opened) => {
        opened.stdin.on("error", () => {});
        opened.stdin.write(agentPreamble(whole ? agent.packed() : Buffer.alloc(0)));
        return opened;
      },
      async (error) => {
        await connection.close();
        if ((error as DeployError).code !== "ssh.connection-lost") throw error;
        throw notStarted(name, connection.user, { code: null, signal: null, lost: error.message }, "");
      },
    );
  let channel = await open(false);
  /** What went to an agent that has not answered yet: it may turn out not to be there. */
  let early: Buffer[] | null = [];
  let leaving: Channel | null = null;
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let gone: Error | null = null;
  /** What it and its login shell printed besides answers. */
  let printed = "";
  let errors = "";
  let noise = 0;
  let startingMs = 0;
  let quietMs = 0;

  const fail = (reason: Error) => {
    if (gone) return;
    gone = reason;
    clearInterval(timer);
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
    void connection.close();
  };
  const write = (bytes: Buffer) => {
    early?.push(bytes);
    if (channel !== leaving) writePieces(channel, bytes);
  };
  const head = () => waiting.values().next().value;
  const said = () => printed.trim().slice(-1000);
  const wrong = (what: Wrong) => fail(notOurs(name, head()?.question.op ?? null, what));
  const print = (text: string) => {
    printed = (printed + text).slice(-4000);
  };

  const lose = (why: string) => {
    const lost = new ConnectionLost(why);
    lost.greeted = early === null;
    lost.printed = said();
    fail(lost);
  };

  function listen(to: Channel): void {
    void to.closed.then(async ({ code, signal }) => {
      if (to !== channel || to === leaving) return;
      // A connection that breaks takes the agent with it, and says so itself.
      if (await Promise.race([connection.lost.then(() => true), delay(50, false, { ref: false })])) return;
      if (early) fail(notStarted(name, connection.user, { code, signal }, said()));
      else lose(`the agent ended ${endText({ code, signal })}`);
    });
    to.stderr.on("data", (data: Buffer) => {
      const text = data.subarray(-4000).toString("utf8");
      errors = (errors + text).slice(-4000);
      print(text);
    });
    to.stdout.on("data", () => {
      quietMs = 0;
    });
    readLines(
      to.stdout,
      longestLine,
      (line) => {
        if (gone || to !== channel) return;
        if (early) return greet(line);
        const problem = hear(readMessage(line));
        if (problem) wrong(problem);
      },
      (beginning) => {
        if (early) fail(printsForEver(name, excerpt(beginning)));
        else
          wrong({
            expected: `lines of at most ${longestLine >> 20} MiB`,
            seen: `more, from ${excerpt(beginning)} on`,
          });
      },
    );
  }

  /** Before the agent speaks, a login shell may print what it likes. */
  function greet(line: Buffer): void {
    const message = readMessage(line);
    const kind = "kind" in message ? message.kind : null;
    if (kind === "hello") {
      early = null;
      printed = errors;
      return;
    }
    if (kind === "need") {
      if (leaving) wrong({ expected: "the agent's greeting", seen: "one more call for its program" });
      else void sendProgram();
      return;
    }
    if (ofOurs.test(line.subarray(0, 40).toString("latin1"))) fail(echoed(name, connection.user));
    noise += line.length + 1;
    print(`${line.subarray(0, 1000).toString("utf8")}\n`);
    if (noise > mostNoise) fail(printsForEver(name, excerpt(line)));
  }

  /** Answers what is wrong with it. */
  function hear(message: Message | Wrong): Wrong | null {
    if (!("kind" in message)) return message;
    if (message.kind === "pong") return null;
    if (!("id" in message)) return { expected: "an answer", seen: `the message ${message.kind}` };
    const [id, entry] = waiting.entries().next().value ?? [];
    if (id !== message.id || !entry) {
      const expected = id === undefined ? "nothing: nothing is asked" : `the answer to question ${id}`;
      return { expected, seen: `one to question ${message.id}` };
    }
    const { op, onLog } = entry.question;
    const { log, answer } = shapeOf(op);
    if (message.kind === "log") {
      if (!log) return { expected: "an answer", seen: "a message before it" };
      const heard = check(log(), message.log, "log");
      if ("expected" in heard) return heard;
      if (typeof heard.value !== "string" && ++entry.notes > mostNotes)
        return { expected: `at most ${mostNotes} messages before the answer`, seen: "more" };
      onLog?.(heard.value);
      return null;
    }
    const ok = message.kind === "ok" ? check(answer(), message.ok, "ok") : null;
    if (ok && "expected" in ok) return ok;
    waiting.delete(message.id);
    if (ok) entry.resolve(ok.value);
    else if (message.kind === "refused") entry.reject(refusal(name, message.refused));
    else if (message.kind === "crash") entry.reject(crashed(name, op, message.crash));
    else entry.reject(new NotBegun());
    return null;
  }

  async function sendProgram(): Promise<void> {
    leaving = channel;
    startingMs = 0;
    try {
      channel = await open(true);
      listen(channel);
      for (const bytes of early ?? []) writePieces(channel, bytes);
    } catch (error) {
      fail(error as Error);
    }
  }

  /** Counts in pings, not by a clock: a runner that slept, or had much to do, has not heard of the host either. */
  function tick(): void {
    channel.stdin.write(`${pingLine}\n`);
    const entry = head();
    if (early) {
      startingMs += limits.pingMs;
      if (startingMs >= limits.helloMs) fail(silentStart(name, startingMs, said()));
      return;
    }
    if (!entry) return;
    const { question } = entry;
    const left = [...waiting.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    quietMs = channel.stdin.writableLength > piece ? 0 : quietMs + limits.pingMs;
    question.waited = (question.waited ?? 0) + limits.pingMs;
    if (quietMs >= limits.quietMs + Math.min(left, underWay) / slowest)
      fail(silent(name, question.op, quietMs));
    else if (question.waited >= limits.answerMs(question) + entry.bytes / slowest)
      fail(overdue(name, question.op, question.waited));
  }

  listen(channel);
  void connection.lost.then((reason) => lose(reason?.message ?? "the connection was closed"));
  const timer = setInterval(tick, limits.pingMs);
  timer.unref();

  return {
    send(question) {
      if (gone) return Promise.reject(gone);
      const { op, args, chain, blob = Buffer.alloc(0) } = question;
      const id = nextId++;
      const line = { id, op, args, chain, ...(blob.length > 0 ? { blob: blob.length } : {}) };
      const text = Buffer.from(`${JSON.stringify(line)}\n`);
      if (waiting.size === 0) quietMs = 0;
      return new Promise((resolve, reject) => {
        const bytes = text.length + blob.length;
        waiting.set(id, { question, bytes, notes: 0, resolve, reject });
        write(text);
        if (blob.length > 0) write(blob);
        // Made while the host works, so that its answer does not wait for that.
        shapeOf(op).answer();
      });
    },
    get silent() {
      return gone instanceof DeployError && gone.code === "host.silent" ? gone : null;
    },
    signal(op) {
      if (!gone) channel.stdin.write(`${JSON.stringify({ op })}\n`);
    },
    async close() {
      clearInterval(timer);
      if (!gone) {
        gone = new ConnectionLost("it was closed");
        for (const { reject } of waiting.values()) reject(gone);
        waiting.clear();
        channel.stdin.end();
        await Promise.race([channel.closed, delay(3_000, undefined, { ref: false })]);
      }
      await connection.close();
    },
  };
}

function writePieces({ stdin }: Channel, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += piece) stdin.write(bytes.subarray(at, at + piece));
}
