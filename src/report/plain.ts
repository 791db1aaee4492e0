import { indented, visibleEvent } from "./border.ts";
import type { Event } from "./event.ts";
import { origin, stepLine } from "./line.ts";
import type { Paint } from "./paint.ts";
import { printed } from "./printed.ts";
import { createRepeats } from "./repeats.ts";
import type { Reporter, Write } from "./reporter.ts";
import { createTails } from "./tails.ts";
import { errorText } from "./text.ts";

export interface TextOptions {
  quiet: boolean;
  verbose: boolean;
  paint: Paint;
}

/** Lines for people where nothing can be redrawn: a pipe, a file, a CI's log. Failures go to `writeError`. */
export function createPlainReporter(write: Write, writeError: Write, options: TextOptions): Reporter {
  const tails = createTails();
  const repeats = createRepeats();
  let hostWidth = 0;
  const show = (events: Event[]) => {
    for (const event of events)
      for (const line of eventLines(event, options, hostWidth)) write(`${printed(line, options.paint)}\n`);
  };
  return {
    event(event) {
      tails.see(event);
      if (options.quiet || repeats.heard(event)) return;
      hostWidth = Math.max(hostWidth, event.host?.length ?? 0);
      show(event.code === "phase.start" ? [...repeats.rest(), event] : [event]);
    },
    end({ text, error }) {
      show(repeats.rest());
      (error ? writeError : write)(
        printed(text(options.paint, error && tails.complete(error)), options.paint),
      );
    },
    error(error) {
      writeError(printed(errorText(tails.complete(error), options.paint), options.paint));
    },
    close() {},
  };
}

/** What stays of an event in the log; nothing for what only moves. */
export function eventLines(raw: Event, { verbose, paint }: TextOptions, hostWidth: number): string[] {
  const event = visibleEvent(raw);
  switch (event.code) {
    case "phase.start":
      return [paint.bold(`${event.message.charAt(0).toUpperCase()}${event.message.slice(1)}`)];
    case "step.start":
    case "result":
    case "error":
      return [];
    case "step.output":
      return verbose
        ? event.message.split("\n").map((line) => paint.dim(`  ${origin(event)} | ${line}`))
        : [];
    case "step.done":
    case "step.failed": {
      const { sign, text, failed } = stepLine(event, hostWidth);
      return [`  ${failed ? paint.bad(sign) : paint.good(sign)} ${text}`];
    }
    default: {
      if (event.level === "debug" && !verbose) return [];
      const from = origin(event);
      const text = indented(`${from ? `${from}: ` : ""}${event.message}`, 4);
      if (event.level === "error") return [`  ${paint.bad("error:")} ${text}`];
      if (event.level === "warning") return [`  ${paint.warn("warning:")} ${text}`];
      return [`  ${text}`];
    }
  }
}
