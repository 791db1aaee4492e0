import type { DeployError } from "../errors.ts";
import { visibleError } from "./border.ts";
import { createPaint } from "./paint.ts";
import { eventLines } from "./plain.ts";
import { printed } from "./printed.ts";
import type { Reporter, Write } from "./reporter.ts";
import { createTails } from "./tails.ts";
import { errorText } from "./text.ts";
import { visible, visibleLine } from "./visible.ts";

/**
 * A workflow's log: one group a phase with all output inside, the report after the groups, and one error annotation
 * that says why. Nothing a project or a host prints is taken for a workflow command.
 */
export function createGithubReporter(write: Write, options: { quiet: boolean }): Reporter {
  const tails = createTails();
  const paint = createPaint(false);
  let open = false;
  let hostWidth = 0;
  const endGroup = () => {
    if (open) write("::endgroup::\n");
    open = false;
  };
  const plain = (text: string) => write(`${printed(text).trimEnd()}\n`);
  return {
    event(event) {
      tails.see(event);
      if (options.quiet) return;
      if (event.code === "phase.start") {
        endGroup();
        write(`::group::${escapeData(visibleLine(event.message))}\n`);
        open = true;
        return;
      }
      hostWidth = Math.max(hostWidth, event.host?.length ?? 0);
      const verbose = event.code === "step.output";
      for (const line of eventLines(event, { quiet: false, verbose, paint }, hostWidth)) plain(line);
    },
    end({ text, error, annotated }) {
      endGroup();
      const full = error && tails.complete(error);
      plain(text(paint, full));
      if (full && !annotated) write(errorAnnotation(full));
    },
    error(error) {
      endGroup();
      const full = tails.complete(error);
      plain(errorText(full));
      write(errorAnnotation(full));
    },
    close: endGroup,
  };
}

/** The one annotation of a failed run: why, where, and what to do. */
export function errorAnnotation(error: DeployError): string {
  const { message: what, details } = visibleError(error);
  const { host, step, at, expected, seen, hint } = details;
  const where = [host, step].filter(Boolean).join(", ");
  const message = [
    `${where ? `${where}: ` : ""}${what}`,
    expected && `expected: ${expected}`,
    seen && `seen: ${seen}`,
    hint && `what to do: ${hint}`,
  ].filter(Boolean);
  return annotation("error", message.join("\n"), place(at));
}

export interface Place {
  file: string;
  line: number;
  column?: number;
}

/** A workflow command that GitHub shows at a line of the change. */
export function annotation(level: "error" | "warning" | "notice", message: string, at: Place | null): string {
  const file = at && visibleLine(at.file);
  const properties = file
    ? ` file=${escapeProperty(file)},line=${at.line}${at.column ? `,col=${at.column}` : ""}`
    : "";
  return `::${level}${properties}::${escapeData(visible(message))}\n`;
}

/** `settings.py:12:5` as a place in a file; null for anything else. */
export function place(at: string | undefined): Place | null {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(at ?? "");
  if (!match) return null;
  return { file: match[1]!, line: Number(match[2]), ...(match[3] ? { column: Number(match[3]) } : {}) };
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
