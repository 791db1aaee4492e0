import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { Phase } from "../plan/types.ts";
import type { Emit, StepResult } from "../report/event.ts";

/** What a step may say while it runs. */
export interface StepVoice {
  /** A line of output. */
  output(text: string): void;
  note(message: string, level?: "info" | "warning"): void;
  /** A warning that the report repeats: nobody reads the middle of a log that ended well. */
  warn(message: string): void;
  /** The step found nothing to do, and why. */
  unchanged(why: string): void;
  /** The step would have had something to do, and did not do it. */
  skipped(why: string): void;
  /** One clause for the line that ends the step: "3 files, 2 KB". */
  summary(text: string): void;
}

/** Runs steps one after the other, emits their events and keeps their times for the report. */
export interface Recorder {
  readonly steps: StepResult[];
  /** What the report repeats. */
  readonly warnings: string[];
  readonly emit: Emit;
  phase(phase: Phase): void;
  step<T>(name: string, host: string | null, body: (voice: StepVoice) => Promise<T>): Promise<T>;
  note(message: string, options?: { host?: string; level?: "info" | "warning"; step?: string }): void;
  /** Connections that the end of a slot cut: told, and kept for the report. `key`: the limit that they outlasted. */
  cut(host: string, step: string, connections: number, why: { release: string; key: string | null }): void;
  /** How many were cut on a host so far. */
  cutOn(host: string): number;
  /** From here on a cancelled run is finished, not given up: the switch is done. */
  commit(): void;
  readonly committed: boolean;
}

export function createRecorder(emit: Emit, signal: AbortSignal): Recorder {
  const steps: StepResult[] = [];
  const warnings: string[] = [];
  const cut = new Map<string, number>();
  let committed = false;
  return {
    steps,
    warnings,
    emit,
    get committed() {
      return committed;
    },
    commit() {
      committed = true;
    },
    phase(phase) {
      emit({ code: "phase.start", level: "info", message: phase, data: { phase } });
    },
    note(message, options = {}) {
      emit({
        code: "note",
        level: options.level ?? "info",
        message,
        ...(options.host ? { host: options.host } : {}),
        ...(options.step ? { step: options.step } : {}),
      });
    },
    cut(host, step, connections, { release, key }) {
      cut.set(host, (cut.get(host) ?? 0) + connections);
      const [were, they] = connections === 1 ? ["connection was", "it"] : ["connections were", "they"];
      emit({
        code: "connections.cut",
        level: "warning",
        message: `${connections} ${were} cut at ${release}: ${key ? `${they} took longer than ${key}` : "its server finishes nothing when it stops"}`,
        host,
        step,
        data: { connections, release, key },
      });
    },
    cutOn: (host) => cut.get(host) ?? 0,
    async step(name, host, body) {
      if (signal.aborted && !committed) throw cancelled();
      const where = host === null ? {} : { host };
      const begun = performance.now();
      let status: StepResult["status"] = "done";
      let said = "";
      emit({ code: "step.start", level: "info", message: name, step: name, ...where });
      const voice: StepVoice = {
        output: (text) => {
          for (const line of text.split("\n")) {
            if (line) emit({ code: "step.output", level: "debug", message: line, step: name, ...where });
          }
        },
        note: (message, level = "info") => emit({ code: "note", level, message, step: name, ...where }),
        warn: (message) => {
          warnings.push(message);
          voice.note(message, "warning");
        },
        skipped: (why) => {
          status = "skipped";
          said = why;
        },
        unchanged: (why) => {
          status = "unchanged";
          said = why;
        },
        summary: (text) => {
          said = text;
        },
      };
      try {
        const value = await body(voice);
        const ms = Math.round(performance.now() - begun);
        steps.push({ step: name, host, ms, status });
        emit({ code: "step.done", level: "info", message: said, step: name, ...where, data: { ms, status } });
        return value;
      } catch (thrown) {
        const ms = Math.round(performance.now() - begun);
        steps.push({ step: name, host, ms, status: "failed" });
        const error = signal.aborted && !committed ? cancelled() : located(asDeployError(thrown), name, host);
        emit({
          code: "step.failed",
          level: "error",
          message: error.message,
          step: name,
          ...where,
          data: {
            ms,
            status: "failed",
            error: error.code,
            ...(error.details.output ? { output: error.details.output } : {}),
          },
        });
        throw error;
      }
    },
  };
}

/** The same error with the step and host it happened in. */
function located(error: DeployError, step: string, host: string | null): DeployError {
  return new DeployError(error.code, error.exitCode, error.message, {
    ...(host === null ? {} : { host }),
    step,
    ...error.details,
    cause: error.details.cause ?? error,
  });
}

function cancelled(): DeployError {
  return new DeployError(
    "cancelled",
    ExitCode.failed,
    "the run was cancelled before the switch; nothing changed for visitors",
  );
}
