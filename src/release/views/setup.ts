import { formatDuration } from "../../report/duration.ts";
import type { Ending } from "../../report/reporter.ts";
import { errorText } from "../../report/text.ts";
import type { SetupOutcome } from "../setup/types.ts";
import { count } from "./table.ts";

const words: Record<SetupOutcome["result"], string> = {
  done: "ready for deploys",
  unchanged: "ready for deploys; nothing had to be changed",
  planned: "nothing was changed (dry run)",
  failed: "setup did not finish; run it again when the cause is gone",
  refused: "refused: nothing was changed",
};

/** How a setup ended. */
export function setupEnding(outcome: SetupOutcome, environment: string): Ending {
  const { result, hosts, steps, durationMs, error } = outcome;
  return {
    error,
    line: { code: "result", result, environment, hosts, steps, durationMs },
    text(paint, full) {
      const lines = hosts.map(({ host, changed, unchanged }) => {
        const would = result === "planned" ? "to change" : "changed";
        return `  ${host}: ${count(changed, "item")} ${would}, ${unchanged} unchanged`;
      });
      const verdict = `${environment}: ${words[result]}, after ${formatDuration(durationMs)}`;
      const head = full ? `${errorText(full, paint)}${paint.bold(verdict)}` : paint.good(paint.bold(verdict));
      return `${[head, ...lines].join("\n")}\n`;
    },
  };
}
