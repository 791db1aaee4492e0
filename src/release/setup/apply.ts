import { asDeployError } from "../../errors.ts";
import type { Emit, StepResult } from "../../report/event.ts";
import { refused } from "./guards.ts";
import type { SetupItem } from "./item.ts";
import type { Root } from "./root.ts";
import { runStep } from "./step.ts";

/**
 * Makes the items so, in order; what is so already is only said. Each that was gone through is added to `steps` at once, so
 * that they are counted when a later one fails. Rejects at the first that fails.
 */
export async function applySetup(
  root: Root,
  items: SetupItem[],
  emit: Emit,
  steps: StepResult[],
  signal?: AbortSignal,
): Promise<void> {
  for (const item of items) steps.push(await applyItem(root, item, emit, signal));
}

async function applyItem(
  root: Root,
  item: SetupItem,
  emit: Emit,
  signal: AbortSignal | undefined,
): Promise<StepResult> {
  const { step, message } = item;
  const { script, parameters, content } = item.action;
  const host = root.connection.name;
  if (item.warning) emit({ code: "note", level: "warning", message: item.warning, host, step });
  if (!item.unchanged) {
    const tell = (line: string) => emit({ code: "note", level: "info", message: line, host, step });
    const make = async () => {
      await item.before?.(root, emit, signal);
      return await root.run(script, parameters, content, item.tells && tell);
    };
    return await runStep({ step, host, message }, emit, () =>
      make().catch((thrown) => throwAs(item, thrown)),
    );
  }
  emit({ code: "step.done", level: "info", message, host, step, data: { ms: 0, status: "unchanged" } });
  return { step, host, ms: 0, status: "unchanged" };
}

function throwAs({ failure }: SetupItem, thrown: unknown): never {
  const error = asDeployError(thrown);
  if (failure && error.code === "setup.failed") {
    throw refused(failure.code, error.message, { ...error.details, hint: failure.hint });
  }
  throw error;
}

/** The dry run: what would happen, each file with its diff, each command as its message. */
export function showPlan(host: string, items: SetupItem[], emit: Emit): void {
  for (const { step, unchanged, message, diff, warning } of items) {
    if (warning) emit({ code: "note", level: "warning", message: warning, host, step });
    const status = unchanged ? "unchanged" : "planned";
    const text = diff === "" ? message : `${message}\n${diff}`;
    emit({ code: "setup.item", level: "info", message: text, host, step, data: { status } });
  }
}
