import type { DeployError } from "../errors.ts";
import { clippedError } from "./border.ts";
import type { Event } from "./event.ts";
import { jsonText } from "./json-text.ts";
import type { Reporter, Write } from "./reporter.ts";

/** One event a line; the last line is the result (`--format json`). With `quiet` only that. */
export function createJsonReporter(write: Write, options: { quiet: boolean }): Reporter {
  const line = (value: unknown) => write(`${jsonText(value)}\n`);
  return {
    event(event) {
      if (!options.quiet && event.code !== "result" && event.code !== "error") line(ordered(event));
    },
    end(ending) {
      if (ending.error && !options.quiet) line(errorEvent(ending.error));
      line(ending.line);
    },
    error(error) {
      line(errorEvent(error));
    },
    close() {},
  };
}

/** An error as an event; `data.error` is its stable code. */
export function errorEvent(error: DeployError): Event {
  const { message, details: all } = clippedError(error);
  const { host, step, cause: _cause, ...details } = all;
  return {
    time: new Date().toISOString(),
    code: "error",
    level: "error",
    message,
    ...(host ? { host } : {}),
    ...(step ? { step } : {}),
    data: { error: error.code, exitCode: error.exitCode, ...details },
  };
}

function ordered({ time, code, level, message, host, step, data }: Event): Event {
  return {
    time,
    code,
    level,
    message,
    ...(host === undefined ? {} : { host }),
    ...(step === undefined ? {} : { step }),
    ...(data === undefined ? {} : { data }),
  };
}
