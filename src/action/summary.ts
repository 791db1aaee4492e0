import { visibleTexts } from "../report/border.ts";
import { formatDuration } from "../report/duration.ts";
import { type Redact, redactDeep } from "../report/redact.ts";
import { redactError } from "../report/reporter.ts";
import { clipped, visible, visibleDeep } from "../report/visible.ts";
import { unforeseenLine } from "../unforeseen.ts";
import type { GithubRun } from "./github.ts";
import type { Inputs } from "./inputs.ts";
import { code, escapeText } from "./markdown.ts";
import { addSummary } from "./runner-files.ts";
import { errorMarkdown } from "./summary-error.ts";
import { gantt } from "./summary-gantt.ts";
import { findingsList } from "./summary-lint.ts";
import { planMarkdown, planTitle } from "./summary-plan.ts";
import {
  commitsLink,
  hostsList,
  releasesList,
  stepsTable,
  verdictLine,
  warningsList,
  wayBack,
  whatChanged,
} from "./summary-run.ts";
import type { Done } from "./verbs/types.ts";

/** GitHub drops a step's summary that is larger than 1 MiB. */
const largest = 900_000;
/** So much of an error stands in the heading. */
const mostOfTitle = 2_000;

export interface SummaryInput {
  done: Done;
  inputs: Pick<Inputs, "command" | "environment"> | null;
  durationMs: number;
  /** For links; absent: none. */
  github?: Pick<GithubRun, "page" | "trigger">;
  /** Why the log has no end; null or absent: it has. */
  silent?: string | null;
}

/** Adds the job summary; answers why it could not, null when it could. */
export function writeSummary(input: SummaryInput, redact: Redact): string | null {
  return addSummary(`${summaryText(input, redact)}\n`);
}

/** The summary with nothing secret in it. What cannot be rendered must not hide how the run ended. */
export function summaryText(input: SummaryInput, redact: Redact): string {
  try {
    const done = redacted(input.done, redact);
    return fitted(visible(redact(renderSummary({ ...input, done }))));
  } catch (thrown) {
    const { report, ending } = input.done;
    const result = report?.result ?? ending.error?.code ?? "done";
    return `### ${ending.error ? "❌" : "✅"} ${result}\n\nThis summary could not be written: an error of our own (internal, ${code(unforeseenLine(thrown))}).\n`;
  }
}

/**
 * What is shown of a run, before it becomes Markdown: a value whose signs are escaped would not be found any more, and
 * of two back ticks with a colour between them only what is left without it can be counted.
 */
function redacted({ ending, ...shown }: Done, redact: Redact): Done {
  const clean = visibleDeep(redactDeep(shown, redact)) as typeof shown;
  return {
    ...clean,
    ending: { ...ending, error: ending.error && visibleTexts(redactError(ending.error, redact)) },
  };
}

/** Cut at a line where it is too large in bytes; an open fold is closed, or the word about it would be hidden in it. */
function fitted(text: string): string {
  if (Buffer.byteLength(text) <= largest) return text;
  const head = Buffer.from(text).subarray(0, largest).toString("utf8");
  const lines = head.slice(0, head.lastIndexOf("\n"));
  const open = lines.lastIndexOf("<details>") > lines.lastIndexOf("</details>");
  return `${lines}${open ? "\n\n</details>" : ""}\n\nThe rest did not fit into a summary.\n`;
}

/** Markdown: the verdict first, then what is needed to act, then the details. */
export function renderSummary({ done, inputs, durationMs, github, silent }: SummaryInput): string {
  const { report, lint, plan, ending } = done;
  const { error } = ending;
  const sign = error ? "❌" : "✅";
  const what = `${inputs?.command ?? "django-deploy"}${inputs ? ` ${escapeText(clipped(inputs.environment, 80))}` : ""}`;
  const head = report
    ? verdictLine(report, error)
    : plan && !error
      ? planTitle(plan)
      : `${sign} ${what}: ${error ? escapeText(clipped(error.message, mostOfTitle)) : "done"} (${formatDuration(durationMs)})`;
  const blocks = [`### ${head}`];
  if (silent)
    blocks.push(`The log of this step is not complete: an error of our own (internal, ${code(silent)}).`);
  if (report?.url) blocks.push(report.url);
  if (error) blocks.push(errorMarkdown(error));
  if (report)
    blocks.push(
      hostsList(report),
      warningsList(report),
      wayBack(report, github?.trigger?.rollbackUrl ?? null),
      commitsLink(report, github?.page ?? null),
      gantt(done.timeline),
      stepsTable(report),
      whatChanged(done.said),
    );
  if (lint) blocks.push(findingsList(lint));
  if (plan) blocks.push(planMarkdown(plan, github?.page ?? null));
  blocks.push(releasesList(done.releases));
  if (report?.revision) blocks.push(`Revision ${code(report.revision)}`);
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
