import { createDeploymentRecord, type DeploymentRecord } from "../../github/deployments.ts";
import { blocking } from "../../lint/blocking.ts";
import type { Finding, LintResult } from "../../lint/types.ts";
import { releases } from "../../release/releases.ts";
import { writeSarif } from "../../release/sarif-file.ts";
import type { Outcome, ReleaseView, RunContext } from "../../release/types.ts";
import { reportEnding } from "../../report/reporter.ts";
import { createContext } from "../context.ts";
import { patience } from "../octokit.ts";
import { saveState } from "../runner-files.ts";
import { createTimeline } from "../summary-gantt.ts";
import type { Said } from "../summary-run.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** A verb that changes what serves: its events are counted on their way, and GitHub is told of the deployment. */
export async function acted(task: Task, work: (context: RunContext) => Promise<Outcome>): Promise<Done> {
  const findings: Finding[] = [];
  let judged = false;
  const said: Said[] = [];
  const record = recordOf(task);
  const timeline = createTimeline(Date.now);
  const context = await createContext(task);
  const { report, error } = await work({
    ...context,
    ...sarifOf(task),
    emit(event) {
      const { code, step, host = null, message } = event;
      timeline.see(event);
      judged ||= step === "lint";
      if (code === "finding") findings.push(event.data as unknown as Finding);
      if (code === "step.done" && step && message && message !== step) said.push({ step, host, message });
      if (code === "release.start")
        record?.begin(event.data as unknown as Parameters<DeploymentRecord["begin"]>[0]);
      context.emit(event);
    },
  });
  await record?.end(report);
  saveState("closed", "true");
  const problem = record?.problem() ?? null;
  if (problem !== null) {
    const message = `not all of this is in GitHub's list of deployments: ${problem}`;
    context.emit({ code: "note", level: "warning", message });
    said.push({ step: "GitHub", host: null, message });
  }
  const counted = judged ? blocking({ findings } as LintResult, task.config.lint.failLevel).length : null;
  return {
    ...nothingDone,
    findings: counted,
    said,
    timeline: timeline.laps,
    releases: await listed(task, context),
    report,
    ending: reportEnding(report, error),
  };
}

/** Writes what the lint found for code scanning, where that is asked for. */
function sarifOf({ inputs, github, redact }: Task): Pick<RunContext, "judged"> {
  const file = inputs.sarifFile;
  return file === null
    ? {}
    : { judged: (result) => writeSarif({ folder: github.workspace, file }, result, redact) };
}

/** After a rollback, what it could go to next; a list that cannot be read is left out. */
async function listed({ inputs }: Task, context: RunContext): Promise<ReleaseView[]> {
  if (inputs.command !== "rollback" || context.signal.aborted) return [];
  return releases(context, { all: false }).then(
    (view) => view.releases,
    () => [],
  );
}

/** null without a token: nothing is recorded then, and nothing was promised. */
function recordOf({ client, config, inputs, github }: Task): DeploymentRecord | null {
  if (client === null) return null;
  return createDeploymentRecord({
    client,
    environment: config.environment,
    task: inputs.command === "rollback" ? "rollback" : "deploy",
    logUrl: github.runUrl,
    environmentUrl: config.url,
    patience,
    onFiled: (id) => void saveState("deployment", String(id)),
  });
}
