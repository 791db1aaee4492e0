import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** A value as worker.py shows it: its kind and its content. */
export type Shown = [string, unknown];

/** What CPython says of a module under one environment. */
export interface Outcome {
  names?: Record<string, Shown>;
  true?: string[];
  error?: string;
  text?: string;
}

export interface Job {
  text: string;
  environments: Record<string, string>[];
}

/** A Python that runs many modules, one after the other. */
export class Worker {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor(python: string) {
    this.#process = spawn(python, ["-I", "-W", "ignore", "bench/lint/fuzz/worker.py"]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#lines.on("line", (line) => this.#waiting.shift()?.(line));
    this.#lines.on("close", () => {
      for (const answer of this.#waiting.splice(0)) answer('{"syntax": "the worker has ended"}');
    });
  }

  /** Outcomes in the order of the environments; null for a text that is no Python. */
  run(job: Job): Promise<Outcome[] | null> {
    return new Promise((resolve) => {
      this.#waiting.push((line) => {
        const answer = JSON.parse(line) as Outcome[] | { syntax: string };
        resolve(Array.isArray(answer) ? answer : null);
      });
      this.#process.stdin.write(`${JSON.stringify(job)}\n`);
    });
  }

  end(): void {
    this.#process.stdin.end();
  }
}
