import { asDeployError } from "../../errors.ts";
import type { Emit, StepResult } from "../../report/event.ts";
import type { SetupItem } from "./item.ts";
import type { Root } from "./root.ts";

/** Makes the items so, in order; what is so already is only said. Rejects at the first that fails. */
export async function applySetup(root: Root, items: SetupItem[], emit: Emit): Promise<StepResult[]> {
  const steps: StepResult[] = [];
  for (const item of items) {
    const result = await applyItem(root, item, emit);
    steps.push(result);
  }
  return steps;
}

async function applyItem(root: Root, item: SetupItem, emit: Emit): Promise<StepResult> {
  const { step, message } = item;
  const host = root.connection.name;
  if (item.unchanged) {
    emit({ code: "step.done", level: "info", message, host, step, data: { ms: 0, status: "unchanged" } });
    return { step, host, ms: 0, status: "unchanged" };
  }
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  emit({ code: "step.start", level: "info", message, host, step });
  try {
    await root.run(item.action.script, item.action.parameters, item.action.content);
  } catch (thrown) {
    const error = asDeployError(thrown);
    error.details.step = step;
    emit({
      code: "step.failed",
      level: "error",
      message: error.message,
      host,
      step,
      data: { ms: elapsed(), status: "failed" },
    });
    throw error;
  }
  const ms = elapsed();
  emit({ code: "step.done", level: "info", message, host, step, data: { ms, status: "done" } });
  return { step, host, ms, status: "done" };
}

/** The dry run: what would happen, each file with its diff, each command as its message. */
export function showPlan(host: string, items: SetupItem[], emit: Emit): void {
  for (const { step, unchanged, message, diff } of items) {
    const status = unchanged ? "unchanged" : "planned";
    const text = diff === "" ? message : `${message}\n${diff}`;
    emit({ code: "setup.item", level: "info", message: text, host, step, data: { status } });
  }
}
