import { DeployError } from "../errors.ts";
import type { Event, Report } from "./event.ts";
import type { Paint } from "./paint.ts";
import { type Redact, redactDeep } from "./redact.ts";
import { reportText, resultLine } from "./text.ts";

/** How a verb that acts ended, for every kind of reader. */
export interface Ending {
  /** The last line of `--format json`. */
  line: object;
  /** For people; `error` is this ending's error with all that the reporter knows about it. */
  text(paint: Paint, error: DeployError | null): string;
  error: DeployError | null;
  /** An error annotation that says why was written already. */
  annotated?: boolean;
}

/** The ending of a deploy or a rollback. */
export function reportEnding(report: Report, error: DeployError | null): Ending {
  return { line: resultLine(report), text: (paint, full) => reportText(report, full, paint), error };
}

/** Shows a run: events while it goes, one report after. */
export interface Reporter {
  event(event: Event): void;
  /** Once, as the last thing. */
  end(ending: Ending): void;
  /** Once, as the last thing: a failure without a report. */
  error(error: DeployError): void;
  /** Lets go of the terminal. */
  close(): void;
}

/** Where a reporter writes: text, as it is. */
export type Write = (text: string) => void;

/**
 * The one gate that everything shown passes: no reporter behind it sees a secret value. An event that cannot be shown does
 * not stop what it tells of; `end` throws then, after it has shown what it can.
 */
export function redacting<R extends Reporter>(reporter: R, redact: Redact): R {
  const failed: unknown[] = [];
  return {
    ...reporter,
    event(event: Event) {
      try {
        reporter.event(redactDeep(event, redact) as Event);
      } catch (thrown) {
        if (failed.length === 0) failed.push(thrown);
      }
    },
    end({ line, text, error, ...rest }: Ending) {
      reporter.end({
        ...rest,
        line: redactDeep(line, redact) as object,
        text: (paint, full) => redact(text(paint, full)),
        error: error && redactError(error, redact),
      });
      if (failed.length > 0) throw failed[0];
    },
    error: (error: DeployError) => reporter.error(redactError(error, redact)),
  };
}

/** The same error with no secret value in any of its texts. */
export function redactError(error: DeployError, redact: Redact): DeployError {
  const { cause, ...details } = error.details;
  const clean = redactDeep(details, redact) as typeof details;
  const copy = new DeployError(error.code, error.exitCode, redact(error.message), {
    ...clean,
    ...(cause === undefined ? {} : { cause }),
  });
  const stack = cause instanceof Error ? cause.stack : error.stack;
  copy.stack = redact(stack ?? "");
  return copy;
}
