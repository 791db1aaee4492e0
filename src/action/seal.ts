import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError, ExitCode } from "../errors.ts";
import { scrubbed } from "../project/environment.ts";

type Env = Record<string, string | undefined>;

/** On the command line of a process that took the place of one whose environment could be read. */
const mark = "--sealed";

/** What @actions/* and git look up by themselves; none of it is a secret of the run. */
const open = /^(?:GITHUB_(?!TOKEN$)|RUNNER_|STATE_|GIT_CONFIG_|GIT_SSL_CAINFO$)/;

/** Since Node 22.15 and 23.11; not in the types of Node 20. https://nodejs.org/api/process.html#processexecvefile-args-env */
type Execve = (file: string, args: string[], env: Record<string, string>) => never;

/**
 * Replaces this process by itself with an environment that holds no secret: any process of the same user reads
 * /proc/PID/environ, which shows what a process was started with, whatever it deletes later. A child would not do: the
 * parent would keep showing them. What the environment held is handed over on standard input, the one way that no
 * command line and no file that has a name shows. Comes back only where Node cannot replace a process, with the reason.
 */
export function seal(env: Env): string {
  const { execve } = process as { execve?: Execve };
  if (!execve) return `Node ${process.versions.node} cannot replace its process; Node 24 can`;
  const payload = Buffer.from(JSON.stringify(env));
  const input = anonymousInput([shared, env.RUNNER_TEMP, tmpdir()]);
  for (let at = 0; at < payload.length; ) at += writeSync(input, payload, at, payload.length - at, at);
  const anew = [process.execPath, ...undebugged(process.execArgv), process.argv[1]!, mark];
  return execve("/bin/sh", ["sh", "-c", undumped, "sh", ...anew], scrubbed());
}

/** A process of the same user may end this one with a dump of its memory; a hard limit can be raised by root alone. */
const undumped = 'ulimit -c 0; exec "$@"';

/** Closes the debugger also for the moment before our handler of SIGUSR1 is there; Node 20 does not know the option. */
const closed = "--disable-sigusr1";

function undebugged(options: string[]): string[] {
  const kept = options.filter((option) => !option.startsWith("--inspect"));
  return process.allowedNodeEnvironmentFlags.has(closed) ? [...kept, closed] : kept;
}

/**
 * In a process that took another's place: what that one's environment held. null in any other. Standard input is
 * emptied and is /dev/null from then on, so it is to be called before anything of the repository runs.
 */
export function unseal(): Env | null {
  if (process.argv[2] !== mark) return null;
  const env = JSON.parse(drained(0)) as Env;
  closeSync(0);
  openSync("/dev/null", "r");
  // The lookups of others find them; this changes nothing of what /proc shows.
  for (const [name, value] of Object.entries(env)) if (open.test(name)) process.env[name] = value;
  return env;
}

/** Memory on every Linux, so that no disk sees it. */
const shared = "/dev/shm";

/** Opens a file that has no name any more as standard input. */
function anonymousInput(folders: (string | undefined)[]): number {
  // The lowest number that is free is taken: 0. Of all files only 0 to 2 survive the replacement.
  closeSync(0);
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder!, `djdeploy-${process.pid}-${process.hrtime.bigint()}`);
    const input = tryOpen(path);
    if (input === null) continue;
    unlinkSync(path);
    if (input === 0) return input;
    closeSync(input);
  }
  throw new DeployError(
    "action.seal",
    ExitCode.failed,
    "The secrets could not be hidden from the project's code",
    {
      expected: "a folder to write to, such as /dev/shm or RUNNER_TEMP",
      hint: "run tests and build in a job of their own, and give this one tests: checked",
    },
  );
}

function tryOpen(path: string): number | null {
  try {
    return openSync(path, "wx+", 0o600);
  } catch {
    return null;
  }
}

/** Reads a file to its end and leaves nothing in it. */
function drained(file: number): string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const chunk = Buffer.alloc(1 << 16);
    const length = readSync(file, chunk, 0, chunk.length, at);
    if (length === 0) break;
    chunks.push(chunk.subarray(0, length));
    at += length;
  }
  ftruncateSync(file, 0);
  return Buffer.concat(chunks).toString("utf8");
}
