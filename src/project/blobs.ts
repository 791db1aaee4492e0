import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { DeployError, ExitCode } from "../errors.ts";
import { gitEnvironment, gitOptions } from "./git.ts";

/** Reads objects of one repository. */
export interface Blobs {
  /** The content of an object by its id. Calls may overlap; answers come in the order of the questions. */
  read(id: string): Promise<Buffer>;
}

interface Question {
  id: string;
  resolve(content: Buffer): void;
  reject(reason: Error): void;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** So long it waits for the next question. To start it takes some milliseconds. */
const idleMs = 500;

/**
 * One `git cat-file --batch` for all reads, started with the first. It keeps the process alive only while a question
 * is open, and ends when no more come, so nobody has to close it: a program that uses the library may run for long.
 */
export function openBlobs(directory: string): Blobs {
  const open: Question[] = [];
  let child: Child | null = null;
  let idle: NodeJS.Timeout | undefined;
  let pending: Buffer[] = [];
  let length = 0;
  /** Bytes needed before looking again: header unknown = 1, else header + content + newline. */
  let needed = 1;

  function start(): Child {
    const started = spawn("git", ["-C", directory, ...gitOptions, "cat-file", "--batch"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: gitEnvironment(),
    });
    started.stdout.on("data", (chunk: Buffer) => take(chunk));
    started.stdin.on("error", () => {});
    started.on("error", (error) => end(started, error.message));
    started.on("close", (code) => end(started, `it ended with ${code}`));
    return started;
  }

  /** Its end is told later; by then another one may answer. */
  function dismiss(): void {
    child?.stdin.end();
    forget();
  }

  function forget(): void {
    child = null;
    pending = [];
    length = 0;
    needed = 1;
  }

  function end(which: Child, reason: string): void {
    if (child !== which) return;
    forget();
    for (const question of open.splice(0)) question.reject(unreadable(question.id, reason));
  }

  function take(chunk: Buffer): void {
    pending.push(chunk);
    length += chunk.length;
    if (length < needed) return;
    let data = pending.length === 1 ? chunk : Buffer.concat(pending);
    while (open.length > 0) {
      const newline = data.indexOf(10);
      if (newline < 0) break;
      const header = data.toString("latin1", 0, newline).split(" ");
      const question = open[0]!;
      if (header.length !== 3 || !/^\d+$/.test(header[2]!)) {
        open.shift();
        data = data.subarray(newline + 1);
        question.reject(unreadable(question.id, header.slice(1).join(" ")));
        continue;
      }
      const size = Number(header[2]);
      needed = newline + 1 + size + 1;
      if (data.length < needed) break;
      open.shift();
      // A copy: a slice would keep the whole chunk alive.
      question.resolve(Buffer.from(data.subarray(newline + 1, newline + 1 + size)));
      data = data.subarray(needed);
      needed = 1;
    }
    pending = data.length > 0 ? [data] : [];
    length = data.length;
    if (open.length > 0 || !child) return;
    hold(child, false);
    clearTimeout(idle);
    idle = setTimeout(dismiss, idleMs).unref();
  }

  return {
    read(id) {
      return new Promise((resolve, reject) => {
        clearTimeout(idle);
        child ??= start();
        hold(child, true);
        open.push({ id, resolve, reject });
        child.stdin.write(`${id}\n`);
      });
    },
  };
}

/** Whether the child keeps our own process from ending. Pipes of a child are sockets. */
function hold(child: Child, alive: boolean): void {
  for (const one of [child, child.stdin as Socket, child.stdout as Socket]) alive ? one.ref() : one.unref();
}

function unreadable(id: string, reason: string): DeployError {
  return new DeployError(
    "project.git-object",
    ExitCode.failed,
    `git could not read object ${id}: ${reason}`,
    {
      hint: "run git fsck; a partial clone must be able to reach its origin",
    },
  );
}
