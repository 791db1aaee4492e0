import { asDeployError } from "../../errors.ts";
import type { Emit, StepResult } from "../../report/event.ts";

/** Does one step and says so: `step.start`, then `step.done` or `step.failed` with the elapsed time. */
export async function runStep(
  { step, host, message }: { step: string; host: string; message: string },
  emit: Emit,
  work: () => Promise<unknown>,
): Promise<StepResult> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  emit({ code: "step.start", level: "info", message, host, step });
  try {
    await work();
  } catch (thrown) {
    const error = asDeployError(thrown);
    error.details.step ??= step;
    error.details.host ??= host;
    const data = { ms: elapsed(), status: "failed" };
    emit({ code: "step.failed", level: "error", message: error.message, host, step, data });
    throw error;
  }
  const ms = elapsed();
  emit({ code: "step.done", level: "info", message, host, step, data: { ms, status: "done" } });
  return { step, host, ms, status: "done" };
}
