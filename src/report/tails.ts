import { DeployError } from "../errors.ts";
import type { Event } from "./event.ts";
import { tailLines } from "./text.ts";

/** Remembers the last lines of every step's output, for the report of the one that fails. */
export interface Tails {
  see(event: Event): void;
  /** The error with the tail of its step, unless it brings an output of its own. */
  complete(error: DeployError): DeployError;
}

export function createTails(): Tails {
  const kept = new Map<string, string[]>();
  return {
    see(event) {
      const key = stepKey(event.host, event.step);
      if (event.code === "step.start") kept.delete(key);
      if (event.code !== "step.output") return;
      const lines = [...(kept.get(key) ?? []), ...event.message.split(/\r?\n/)];
      kept.set(key, lines.slice(-tailLines));
    },
    complete(error) {
      const { host, step, output } = error.details;
      const lines = kept.get(stepKey(host, step));
      if (output || !step || !lines) return error;
      const details = { ...error.details, output: lines.join("\n") };
      return new DeployError(error.code, error.exitCode, error.message, details);
    },
  };
}

/** One key for a step on a host; steps without a host run once, on the runner. */
export function stepKey(host: string | undefined | null, step: string | undefined): string {
  return `${host ?? ""}\0${step ?? ""}`;
}
