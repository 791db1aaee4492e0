import { indented } from "./border.ts";
import { formatDuration } from "./duration.ts";
import type { Event, StepResult } from "./event.ts";

const signs: Record<StepResult["status"], string> = { done: "✓", unchanged: "=", failed: "✗", skipped: "-" };

/** The longest of our steps' names (processes-back); a line with a host and a note should fit 80 columns. */
export const stepWidth = 14;

/** One finished step as columns: sign, host, step, time, and what it has to say. */
export function stepLine(event: Event, hostWidth: number): { sign: string; text: string; failed: boolean } {
  const status = stepStatus(event);
  const ms = typeof event.data?.ms === "number" ? formatDuration(event.data.ms) : "";
  const words = event.message === event.step ? "" : event.message;
  const note = words || (status === "unchanged" || status === "skipped" ? status : "");
  const host = hostWidth ? `${(event.host ?? "").padEnd(hostWidth)}  ` : "";
  const text =
    `${host}${(event.step ?? "").padEnd(stepWidth)} ${ms.padStart(7)}  ${indented(note, 6)}`.trimEnd();
  return { sign: signs[status], text, failed: status === "failed" };
}

export function stepStatus(event: Event): StepResult["status"] {
  if (event.code === "step.failed") return "failed";
  const status = event.data?.status;
  return status === "unchanged" || status === "skipped" || status === "failed" ? status : "done";
}

/** `web1 migrate`, for a line of a step's output. */
export function origin(event: Event): string {
  return [event.host, event.step].filter(Boolean).join(" ");
}
