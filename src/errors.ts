import { unforeseenLine } from "./unforeseen.ts";

/** What a shell sees; the meanings are the contract with scripts and with the action. */
export const ExitCode = {
  done: 0,
  /** Failed; the old release serves, or nothing was changed. */
  failed: 1,
  /** Wrong usage, configuration or missing secret. */
  usage: 2,
  /** Lint findings at or above the fail level. */
  lint: 3,
  /** The project's tests failed. */
  tests: 4,
  /** A host could not be reached or trusted. */
  unreachable: 5,
  /** Another run holds the lock. */
  locked: 6,
  /** Refused by a guard: branch, owner, ancestry, changed database, foreign site. */
  refused: 7,
  /** The hosts differ and could not be brought back. */
  partial: 8,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The parts of an error that a person needs to act; all optional but the first sentence. */
export interface ErrorDetails {
  host?: string;
  step?: string;
  /** Where in a file: `djdeploy.yml:12:5`. */
  at?: string;
  expected?: string;
  seen?: string;
  /** What to do now: a command or a line to change. */
  hint?: string;
  /** The last lines of a log that show the cause. */
  output?: string;
  cause?: unknown;
}

/**
 * The one error that crosses a module's border. `code` is stable (`ssh.host-key-changed`), the message is one
 * sentence that says what failed and why; the details say where, what was expected, what was seen, what to do.
 */
export class DeployError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly details: ErrorDetails;

  constructor(code: string, exitCode: ExitCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "DeployError";
    this.code = code;
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** Wrong usage or configuration: exit code 2. */
export function usageError(code: string, message: string, details: ErrorDetails = {}): DeployError {
  return new DeployError(code, ExitCode.usage, message, details);
}

/** An error inside of ours whose message is one of our own sentences: it may be shown. */
export class Told extends Error {}

/**
 * Any thrown value as a DeployError. Of what we did not foresee only kind and place are told: its text may hold what the
 * code that threw it had in hand, secrets too.
 */
export function asDeployError(thrown: unknown): DeployError {
  if (thrown instanceof DeployError) return thrown;
  const message = thrown instanceof Told ? thrown.message : `unexpected: ${unforeseenLine(thrown)}`;
  return new DeployError("internal", ExitCode.failed, message, { cause: thrown });
}

/** A verb, key or option whose feature is not built yet. */
export function notYetSupported(what: string): DeployError {
  return usageError("not-yet-supported", `${what} is not yet supported`);
}
