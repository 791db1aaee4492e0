import { visibleEvent } from "../../report/border.ts";
import { formatDuration } from "../../report/duration.ts";
import type { Event } from "../../report/event.ts";
import { stepWidth } from "../../report/line.ts";
import { eventLines, type TextOptions } from "../../report/plain.ts";
import { printed } from "../../report/printed.ts";
import { createRepeats } from "../../report/repeats.ts";
import type { Reporter, Write } from "../../report/reporter.ts";
import { createTails, stepKey } from "../../report/tails.ts";
import { errorText } from "../../report/text.ts";
import type { Output } from "../io.ts";
import { createLive } from "./live.ts";

/** How often the elapsed times are drawn anew. */
const tickMs = 100;

interface Running {
  host: string;
  step: string;
  since: number;
}

/** A reporter that can stand still while a person is asked. */
export interface TerminalReporter extends Reporter {
  hold<T>(question: () => Promise<T>): Promise<T>;
}

/** One line per host and step: running ones with their time at the bottom, finished ones above, each once. */
export function createTerminalReporter(
  out: Output,
  writeError: Write,
  options: TextOptions,
): TerminalReporter {
  const live = createLive(out);
  const tails = createTails();
  const repeats = createRepeats();
  const running = new Map<string, Running>();
  let hostWidth = 0;
  let timer: NodeJS.Timeout | null = null;
  let held: string[] | null = null;

  const draw = () => {
    if (held) return;
    const now = Date.now();
    live.draw(
      [...running.values()].map(({ host, step, since }) => {
        const left = `  · ${hostWidth ? `${host.padEnd(hostWidth)}  ` : ""}${step.padEnd(stepWidth)}`;
        return printed(`${left} ${formatDuration(now - since).padStart(7)}`);
      }),
    );
  };
  const print = (lines: string[]) => {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${printed(line, options.paint)}\n`).join("");
    if (held) held.push(text);
    else live.print(text);
  };
  /** Who else said what a host said in this phase. */
  const rest = () => {
    for (const event of repeats.rest()) print(eventLines(event, options, hostWidth));
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
    running.clear();
    draw();
  };
  const follow = (event: Event) => {
    const key = stepKey(event.host, event.step);
    if (event.code === "step.start") {
      running.set(key, { host: event.host ?? "", step: event.step ?? event.message, since: Date.now() });
    }
    if (event.code === "step.done" || event.code === "step.failed") running.delete(key);
  };

  return {
    event(raw) {
      tails.see(raw);
      const event = visibleEvent(raw);
      if (options.quiet || repeats.heard(event)) return;
      hostWidth = Math.max(hostWidth, event.host?.length ?? 0);
      follow(event);
      if (event.code === "phase.start") rest();
      print(eventLines(event, options, hostWidth));
      draw();
      timer ??= setInterval(draw, tickMs).unref();
    },
    end({ text, error }) {
      stop();
      rest();
      const shown = printed(text(options.paint, error && tails.complete(error)), options.paint);
      if (error) writeError(shown);
      else out.write(shown);
    },
    error(error) {
      stop();
      writeError(printed(errorText(tails.complete(error), options.paint), options.paint));
    },
    close: stop,
    async hold(question) {
      live.draw([]);
      held = [];
      try {
        return await question();
      } finally {
        const text = held.join("");
        held = null;
        if (text) live.print(text);
        draw();
      }
    },
  };
}
