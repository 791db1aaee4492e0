import type { Readable, Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import type { Redactor } from "../report/redact.ts";

/** A place to write to that may be a terminal. */
export type Output = Writable & Partial<Pick<WriteStream, "isTTY" | "columns" | "rows">>;

/** What the command line has of the outside world, so that tests can hand in their own. */
export interface Io {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  stdout: Output;
  stderr: Output;
  /** Read for HOME, SSH_AUTH_SOCK, USER, NO_COLOR and the like; never for values of secrets. */
  env: Record<string, string | undefined>;
  cwd: string;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
  /** Knows every secret value that this run was given; what a verb writes passes it. `main` sees to it. */
  hidden?: Redactor;
}

/** True when a person sits in front: questions may be asked. */
export function interactive(io: Io): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}
