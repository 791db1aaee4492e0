import { setTimeout as delay } from "node:timers/promises";
import { DeployError, ExitCode, Told } from "../errors.ts";
import type { Channel, Connection } from "../ssh/types.ts";
import { type Agent, agentCommand, agentPreamble } from "./agent.ts";
import { readLines } from "./lines.ts";
import { refusal } from "./refusal.ts";

const pingMs = 5_000;

/** One question to the agent (djd_channel.py). */
export interface Question {
  op: string;
  args: object;
  blob?: Buffer | undefined;
  /** Gets what the agent says meanwhile: text of a step, or an object. */
  onLog?: ((log: unknown) => void) | undefined;
  /** Questions of one chain: when one fails, or is answered with `ok: false`, the agent does not begin those behind it. */
  chain?: number | undefined;
}

/** The agent is gone, and with it the answers to what was asked. */
export class ConnectionLost extends Told {}

/** An earlier question of its chain went wrong. */
export class NotBegun extends Told {
  constructor() {
    super("a question before it went wrong");
  }
}

/** A running agent over one channel. It answers in the order of the questions. */
export interface Link {
  /** Rejects with a DeployError for what the host refused, with ConnectionLost or with NotBegun. */
  send(question: Question): Promise<unknown>;
  signal(op: string): void;
  close(): Promise<void>;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onLog: Question["onLog"];
}

interface Message {
  id?: number;
  hello?: number;
  need?: string;
  log?: unknown;
  ok?: unknown;
  skipped?: boolean;
  refused?: { code: string; message: string; data: Record<string, unknown> };
  crash?: string;
}

/**
 * Starts the agent over a connection. The copy that the host keeps is run, so that the program need not travel; a host
 * that keeps none, or another one, gets it on a second channel, and the questions once more.
 */
export async function openLink(name: string, connection: Connection, agent: Agent): Promise<Link> {
  const open = (whole: boolean) =>
    connection.open(agentCommand(agent)).then(
      (opened) => {
        opened.stdin.on("error", () => {});
        opened.stdin.write(agentPreamble(whole ? agent.program : Buffer.alloc(0)));
        return opened;
      },
      async (error) => {
        await connection.close();
        throw error;
      },
    );
  let channel = await open(false);
  /** What went to an agent that has not answered yet: it may turn out not to be there. */
  let early: Buffer[] | null = [];
  let leaving: Channel | null = null;
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let gone: Error | null = null;
  let stderr = "";
  let noise = "";

  const fail = (reason: Error) => {
    if (gone) return;
    gone = reason;
    const told = startFailure(name, stderr, noise) ?? reason;
    for (const entry of waiting.values()) entry.reject(told);
    waiting.clear();
  };
  const write = (bytes: Buffer) => {
    early?.push(bytes);
    if (channel !== leaving) channel.stdin.write(bytes);
  };

  function listen(to: Channel): void {
    void to.closed.then(({ code, signal }) => {
      if (to === channel && to !== leaving)
        fail(new ConnectionLost(`the agent ended (${signal ?? code ?? "connection lost"})`));
    });
    to.stderr.on("data", (data: Buffer) => {
      stderr = (stderr + data.toString("utf8")).slice(-4000);
    });
    readLines(to.stdout, (line) => {
      try {
        hear(JSON.parse(line) as Message);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        // What a login script prints before the agent speaks.
        noise = (noise + line).slice(-1000);
      }
    });
  }

  function hear(message: Message): void {
    if (message.need) return void sendProgram();
    if (message.hello) {
      early = null;
      return;
    }
    const id = message.id ?? 0;
    const entry = waiting.get(id);
    if (!entry) return;
    if (message.log !== undefined) {
      entry.onLog?.(message.log);
      return;
    }
    waiting.delete(id);
    if (message.skipped) entry.reject(new NotBegun());
    else if (message.refused) entry.reject(refusal(name, message.refused));
    else if (message.crash !== undefined) entry.reject(crashed(name, message.crash));
    else entry.resolve(message.ok);
  }

  async function sendProgram(): Promise<void> {
    leaving = channel;
    try {
      channel = await open(true);
      listen(channel);
      for (const bytes of early ?? []) channel.stdin.write(bytes);
    } catch (error) {
      fail(error as Error);
    }
  }

  listen(channel);
  void connection.lost.then((reason) =>
    fail(new ConnectionLost(reason?.message ?? "the connection was closed")),
  );
  const ping = setInterval(() => channel.stdin.write('{"op":"ping"}\n'), pingMs);
  ping.unref();

  return {
    send({ op, args, blob, onLog, chain }) {
      if (gone) return Promise.reject(startFailure(name, stderr, noise) ?? gone);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, onLog });
        const line = { id, op, args, chain, ...(blob ? { blob: blob.length } : {}) };
        write(Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), blob ?? Buffer.alloc(0)]));
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
