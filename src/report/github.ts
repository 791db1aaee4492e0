import type { DeployError } from "../errors.ts";
import { createPaint } from "./paint.ts";
import { eventLines } from "./plain.ts";
import type { Reporter, Write } from "./reporter.ts";
import { createTails } from "./tails.ts";
import { errorText } from "./text.ts";

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
  const plain = (text: string) => write(`${text.trimEnd().split("\n").map(harmless).join("\n")}\n`);
  return {
    event(event) {
      tails.see(event);
      if (options.quiet) return;
      if (event.code === "phase.start") {
        endGroup();
        write(`::group::${escapeData(event.message)}\n`);
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
  const { host, step, at, expected, seen, hint } = error.details;
  const where = [host, step].filter(Boolean).join(", ");
  const message = [
    `${where ? `${where}: ` : ""}${error.message}`,
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
  const properties = at
    ? ` file=${escapeProperty(at.file)},line=${at.line}${at.column ? `,col=${at.column}` : ""}`
    : "";
  return `::${level}${properties}::${escapeData(message)}\n`;
}

/** `settings.py:12:5` as a place in a file; null for anything else. */
export function place(at: string | undefined): Place | null {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(at ?? "");
  if (!match) return null;
  return { file: match[1]!, line: Number(match[2]), ...(match[3] ? { column: Number(match[3]) } : {}) };
}

/** A line that the runner prints and does not obey: `::command::` at its start, `##[command]` anywhere. */
export function harmless(line: string): string {
  return line.replace(/^(\s*)::/, "$1: :").replaceAll("##[", "## [");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
