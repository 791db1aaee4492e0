import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { DeployError, ExitCode } from "../errors.ts";
import { cutText } from "../report/redact.ts";
import { atExit } from "./at-exit.ts";

export interface Program {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Each line of standard output and standard error, in the order of arrival. */
  onLine?(line: string): void;
  /** Ends the program and everything it started. */
  signal?: AbortSignal | undefined;
}

export interface Outcome {
  /** null when a signal ended it: never a success. */
  code: number | null;
  signal: string | null;
  /** The last lines of its output. */
  lines: string[];
}

/** Enough to find the cause, and a bound for a program that never stops talking. */
const keptLines = 5000;
const keptCharacters = 4_000_000;

/** How long what left the group (setsid) and holds the output is listened to once the program has ended, in ms. */
const lingerMs = 2_000;

/**
 * Runs a program of the project to its end, in a process group of its own: whatever it leaves running is ended with
 * it, after an abort, a Ctrl-C or a normal end alike; what left the group lives on, and is not waited for. Rejects only
 * where it can not be started, or was aborted.
 */
export function runProgram({ file, args, cwd, env, onLine, signal }: Program): Promise<Outcome> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const release = atExit(() => endGroup(child, "SIGKILL"));
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      endGroup(child, "SIGTERM");
      grace = setTimeout(() => endGroup(child, "SIGKILL"), 3000);
    };
    signal?.addEventListener("abort", abort, { once: true });
    let linger: NodeJS.Timeout | undefined;
    const settled = () => {
      release();
      clearTimeout(grace);
      clearTimeout(linger);
      signal?.removeEventListener("abort", abort);
    };
    const lines: string[] = [];
    let kept = 0;
    const take = (line: string) => {
      lines.push(line);
      kept += line.length;
      while (lines.length > keptLines || kept > keptCharacters) kept -= lines.shift()!.length;
      onLine?.(line);
    };
    const outputs = [child.stdout, child.stderr].map((stream) => ({
      stream,
      flush: splitLines(stream, take),
    }));
    child.on("error", (error: NodeJS.ErrnoException) => {
      settled();
      reject(cannotStart(file, cwd, error));
    });
    // What it left running would hold its output open, and `close` would never come.
    child.on("exit", () => {
      endGroup(child, "SIGKILL");
      linger = setTimeout(() => {
        for (const { stream, flush } of outputs) {
          flush();
          stream.destroy();
        }
      }, lingerMs);
    });
    child.on("close", (code, by) => {
      settled();
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code, signal: by, lines });
    });
  });
}

/** A longer line comes in pieces: cut, and marked where. */
const longestLine = 64 * 1024;

/** Calls `take` with each line; the answer does with what is left where no end will come. */
function splitLines(stream: NodeJS.ReadableStream, take: (line: string) => void): () => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const feed = (text: string) => {
    const parts = text.split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop()!;
    for (const part of parts) pieces(part.endsWith("\r") ? part.slice(0, -1) : part, take);
    while (rest.length > longestLine) {
      take(rest.slice(0, longestLine) + cutText);
      rest = cutText + rest.slice(longestLine);
    }
  };
  stream.on("data", (chunk: Buffer) => feed(decoder.write(chunk)));
  const flush = () => {
    feed(decoder.end());
    if (rest !== "") take(rest);
    rest = "";
  };
  stream.on("end", flush);
  return flush;
}

function pieces(line: string, take: (line: string) => void): void {
  let rest = line;
  while (rest.length > longestLine) {
    take(rest.slice(0, longestLine) + cutText);
    rest = cutText + rest.slice(longestLine);
  }
  take(rest);
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function cannotStart(file: string, cwd: string, error: NodeJS.ErrnoException): DeployError {
  const message = error.code === "ENOENT" ? `neither ${file} nor ${cwd} may be missing` : error.message;
  return new DeployError(
    "project.cannot-start",
    ExitCode.failed,
    `${file} could not be started: ${message}`,
    {
      cause: error,
    },
  );
}
