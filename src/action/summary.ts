import { summary } from "@actions/core";
import { renderPlan } from "../release/views/plan.ts";
import { formatDuration } from "../report/duration.ts";
import type { Redact } from "../report/redact.ts";
import { errorText } from "../report/text.ts";
import type { Inputs } from "./inputs.ts";
import { code, fence } from "./markdown.ts";
import { findingsTable } from "./summary-lint.ts";
import { hostsTable, stepsTable, verdictLine, wayBack, whatChanged } from "./summary-run.ts";
import type { Done } from "./verbs/types.ts";

/** GitHub drops a step's summary that is larger than 1 MiB. */
const largest = 900_000;

export interface SummaryInput {
  done: Done;
  inputs: Pick<Inputs, "command" | "environment"> | null;
  durationMs: number;
}

/** Adds the job summary; where the runner offers none, there is none. */
export async function writeSummary(
  input: SummaryInput,
  redact: Redact,
  env: Record<string, string | undefined>,
): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  await summary.addRaw(redact(renderSummary(input)).slice(0, largest), true).write();
}

/** Markdown: the verdict first, then what is needed to act, then the details. */
export function renderSummary({ done, inputs, durationMs }: SummaryInput): string {
  const { report, lint, plan, ending } = done;
  const { error } = ending;
  const sign = error ? "❌" : "✅";
  const what = `${inputs?.command ?? "django-deploy"}${inputs ? ` ${inputs.environment}` : ""}`;
  const head = report
    ? verdictLine(report, error)
    : `${sign} ${what}: ${error ? error.message : "done"} (${formatDuration(durationMs)})`;
  const blocks = [`### ${head}`];
  if (report?.url) blocks.push(report.url);
  if (error) blocks.push(fence(errorText(error)));
  if (report) blocks.push(hostsTable(report), wayBack(report), stepsTable(report), whatChanged(done.said));
  if (lint) blocks.push(findingsTable(lint));
  if (plan) blocks.push(fence(renderPlan(plan)));
  if (report?.revision) blocks.push(`Revision ${code(report.revision)}`);
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
