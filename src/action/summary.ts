import { summary } from "@actions/core";
import { formatDuration } from "../report/duration.ts";
import type { Redact } from "../report/redact.ts";
import { errorText, reportText } from "../report/text.ts";
import type { Inputs } from "./inputs.ts";
import type { Done } from "./verbs/index.ts";

export interface SummaryInput {
  done: Done;
  inputs: Inputs | null;
  durationMs: number;
  redact: Redact;
}

/** Adds the job summary; where the runner offers none, there is none. */
export async function writeSummary(
  input: SummaryInput,
  env: Record<string, string | undefined>,
): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  await summary.addRaw(input.redact(renderSummary(input)), true).write();
}

/** Markdown: the verdict first. */
export function renderSummary({ done, inputs, durationMs }: SummaryInput): string {
  const { error } = done.ending;
  return `### ${inputs?.command ?? "django-deploy"}: ${error ? "failed" : "done"} after ${formatDuration(durationMs)}\n\n\`\`\`\n${done.report ? reportText(done.report, error) : error ? errorText(error) : ""}\`\`\`\n`;
}
