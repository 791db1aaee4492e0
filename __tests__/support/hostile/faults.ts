import { type Operation, shapeOf } from "../../../src/host/protocol.ts";

/** What a host may do where an answer is due. */
export interface Hostile {
  /** Its line up to the end, without one, or the bytes themselves. */
  say?: (id: number) => Buffer | string;
  /** Says that over and over. */
  forever?: boolean;
  /** Answers pings meanwhile. */
  lives?: boolean;
  /** Ends the agent. */
  close?: boolean;
}

export interface Expected {
  code: string;
  /** In the error's message and details. */
  says: RegExp;
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
const answers = (ok: unknown) => ({ say: (id: number) => line({ id, ok }) });
const wrong = (says: RegExp): Expected => ({ code: "host.answer", says });
const silent: Expected = { code: "host.silent", says: /said nothing for|did not answer within/ };

/** Where much is sent: at each of them once would only take longer. */
const atLength: readonly Operation[] = ["facts", "step", "unlock"];

/** Faults by name, with what a run must say of each; `null`: it is none at this operation. */
export function faultsOf(op: Operation): Record<string, [Hostile, Expected] | null> {
  const { log, answer } = shapeOf(op);
  const takes = (value: unknown) => answer().safeParse(value).success;
  const long = (fault: [Hostile, Expected]) => (atLength.includes(op) ? fault : null);
  const textLog = log?.().safeParse("text").success === true;
  return {
    silent: [{}, { ...silent, says: /said nothing for/ }],
    "alive and never done": [{ lives: true }, { ...silent, says: /did not answer within/ }],
    "half a line": [{ say: (id) => `{"id": ${id}, "o` }, silent],
    "an endless line": long([
      { say: () => Buffer.alloc(1 << 20, "x"), forever: true },
      wrong(/at most 12 MiB/),
    ]),
    "endless lines of log": [
      {
        say: (id) => line({ id, log: textLog ? "more\n" : { waiting: { actor: "me" } } }).repeat(100),
        forever: true,
      },
      textLog ? silent : wrong(log ? /at most 1000 messages/ : /a message before it/),
    ],
    null: [answers(null), wrong(/seen.*null/s)],
    "a number": [answers(5), wrong(/seen.*the number 5/s)],
    "a list of numbers": [answers([5]), wrong(/seen.*(a list of 1|the number 5)/s)],
    "an empty object": takes({}) ? null : [answers({}), wrong(/expected.*ok/s)],
    "a log of another type": [{ say: (id) => line({ id, log: 5 }) }, wrong(/expected/)],
    "invalid UTF-8": [
      {
        say: (id) =>
          Buffer.concat([
            Buffer.from(`{"id": ${id}, "ok": "`),
            Buffer.from([0xff, 0xfe]),
            Buffer.from('"}\n'),
          ]),
      },
      wrong(/in UTF-8/),
    ],
    "no JSON": [{ say: () => "Segmentation fault\n" }, wrong(/Segmentation fault/)],
    "a list as a message": [{ say: () => "[]\n" }, wrong(/an object/)],
    "nothing but brackets": long([{ say: () => `${"[".repeat(2 << 20)}\n` }, wrong(/at most 300000 values/)]),
    "another question's answer": [{ say: () => line({ id: 999, ok: {} }) }, wrong(/one to question 999/)],
    "no question's answer": [{ say: () => line({ ok: {} }) }, wrong(/the number of a question/)],
    "a second greeting": [{ say: () => line({ hello: 1 }) }, wrong(/the message hello/)],
    "a call for the program": [{ say: () => line({ need: "agent" }) }, wrong(/the message need/)],
    "a refusal that is none": [{ say: (id) => line({ id, refused: null }) }, wrong(/refused/)],
    "a crash": [
      { say: (id) => line({ id, crash: `Traceback\nKeyError: 'x'${"!".repeat(100_000)}` }) },
      { code: "host.crash", says: /KeyError/ },
    ],
    "closes at once": [{ close: true }, { code: "host.connection-lost", says: /the agent ended/ }],
  };
}
