import { PassThrough } from "node:stream";
import type { Connection } from "../../../src/ssh/types.ts";
import type { Hostile } from "./faults.ts";

/**
 * A connection to a host whose agent greets as ours does and is hostile from the question on for which `hostile` names
 * something; null: it answers `{}`.
 */
export function connectionTo(hostile: (op: string) => Hostile | null): Connection {
  let lose: (reason: Error | null) => void;
  const lost = new Promise<Error | null>((resolve) => {
    lose = resolve;
  });
  let closed = false;
  return {
    name: "web1",
    user: "shop",
    lost,
    exec: () => Promise.reject(new Error("nobody runs programs here")),
    async open() {
      const stdin = new PassThrough();
      const stdout = new PassThrough();
      let end: (how: { code: number | null; signal: string | null }) => void = () => {};
      const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        end = resolve;
      });
      stdin.once("end", () => end({ code: 0, signal: null }));
      void lost.then(() => end({ code: null, signal: null }));
      const say = (text: Buffer | string) => !closed && stdout.write(text);
      const forever = (make: () => Buffer | string): void => {
        if (closed) return;
        if (say(make())) setImmediate(() => forever(make));
        else stdout.once("drain", () => forever(make));
      };
      let quiet = false;
      let stuck = false;
      agentOn(stdin, stdout, (op, id) => {
        if (op === "ping") return void (quiet || say('{"pong": 1}\n'));
        if (stuck) return;
        const what = hostile(op);
        if (!what) return void say(`{"id": ${id}, "ok": {}}\n`);
        stuck = true;
        quiet = what.lives !== true;
        const make = what.say;
        if (make && what.forever) forever(() => make(id));
        else if (make) say(make(id));
        if (what.close) end({ code: 1, signal: null });
      });
      return { stdin, stdout, stderr: new PassThrough(), closed: ended };
    },
    async close() {
      closed = true;
      lose(null);
    },
  };
}

/** Takes the place of the program (src/host/agent.ts) and gives each question to `hear`. */
export function agentOn(
  stdin: NodeJS.ReadableStream,
  stdout: NodeJS.WritableStream,
  hear: (op: string, id: number) => void,
): void {
  let head = Buffer.alloc(0);
  let left: number | null = null;
  let blob = 0;
  stdin.on("data", (data: Buffer) => {
    head = Buffer.concat([head, data]);
    if (left === null) {
      if (head.length < 12) return;
      left = Number(head.subarray(0, 12).toString());
      head = head.subarray(12);
      if (left === 0) stdout.write('{"hello": 1, "python": "3.11"}\n');
    }
    for (let end = head.indexOf(10); end >= 0 || blob > 0; end = head.indexOf(10)) {
      if (blob > 0) {
        const taken = Math.min(blob, head.length);
        blob -= taken;
        head = head.subarray(taken);
        if (blob > 0) return;
        continue;
      }
      const question = JSON.parse(head.subarray(0, end).toString()) as {
        op: string;
        id: number;
        blob?: number;
      };
      head = head.subarray(end + 1);
      blob = question.blob ?? 0;
      hear(question.op, question.id);
    }
  });
}
