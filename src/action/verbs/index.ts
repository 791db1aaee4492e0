import { writeSticky } from "../../github/comment.ts";
import { readProject } from "../../project/index.ts";
import { buildProject } from "../../release/build.ts";
import { deploy } from "../../release/deploy.ts";
import { plan } from "../../release/plan.ts";
import { planOffline } from "../../release/plan-offline.ts";
import { rollback } from "../../release/rollback.ts";
import { writeRevisionSarif } from "../../release/sarif-file.ts";
import { testProject } from "../../release/test.ts";
import type { PlanView } from "../../release/types.ts";
import { renderPlan } from "../../release/views/plan.ts";
import type { Emit } from "../../report/event.ts";
import { redactDeep } from "../../report/redact.ts";
import { visible, visibleDeep } from "../../report/visible.ts";
import { baseOf, withHostsOfBase } from "../base-hosts.ts";
import { createContext } from "../context.ts";
import { planMarkdown, planTitle } from "../summary-plan.ts";
import { acted } from "./acted.ts";
import { doctorVerb } from "./doctor.ts";
import { lintVerb } from "./lint.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Carries out the input `command`. */
export async function perform(task: Task): Promise<Done> {
  const { inputs } = task;
  switch (inputs.command) {
    case "deploy": {
      const { revision, tests, force, artifactSha256 } = inputs;
      const options = { revision, tests, skipLint: false, wait: false, force, artifactSha256 };
      return acted(task, (context) => deploy(context, options));
    }
    case "rollback": {
      const { release: to, migrations } = inputs;
      return acted(task, (context) => rollback(context, { to, migrations, env: "current" }));
    }
    case "plan": {
      const view = await planned(task);
      const { config, github, values, redact } = task;
      if (inputs.sarifFile !== null) {
        const place = { folder: github.workspace, file: inputs.sarifFile };
        await writeRevisionSarif(place, config, inputs.revision, values, redact);
      }
      await comment(task, view);
      const ending = { line: view, text: () => renderPlan(view), error: null };
      return { ...nothingDone, plan: view, ending };
    }
    case "lint":
      return lintVerb(task);
    case "test":
      return testVerb(task);
    case "build":
      return buildVerb(task);
    case "doctor":
      return doctorVerb(task);
  }
}

/** The plan beside the change; a comment that cannot be written is said and harms nothing. */
async function comment({ inputs, client, github, reporter, redact }: Task, plan: PlanView): Promise<void> {
  const number = github.event.pull_request?.number;
  if (!inputs.commentOnPr || number === undefined) return;
  const whole = github.runUrl === null ? "" : `\n\n[The run](${github.runUrl}) has the summary and the log.`;
  // Before it becomes Markdown: a value whose signs are escaped would not be found any more, nor a hidden back tick.
  const view = visibleDeep(redactDeep(plan, redact)) as PlanView;
  const body = visible(redact(`### ${planTitle(view)}\n\n${planMarkdown(view, github.page)}${whole}\n`));
  const problem = client
    ? await writeSticky(client, { number, key: `plan ${view.environment}`, body }).then(
        () => null,
        (error: Error) => error.message,
      )
    : "no github-token";
  if (problem === null) return;
  const message = `the plan could not be written to the pull request: ${problem}`;
  reporter.event({ time: new Date().toISOString(), code: "note", level: "warning", message });
}

/**
 * A pull request from a fork, or of Dependabot, is given no secrets: it is shown what can be said without the hosts.
 * With a key the hosts are those of the branch it goes to.
 */
async function planned(task: Task): Promise<PlanView> {
  const { config, inputs, github, reporter } = task;
  const { revision, artifactSha256 } = inputs;
  const options = { revision, artifactSha256 };
  if (github.eventName !== "pull_request") return plan(await createContext(task), options);
  const base = await baseOf(config.directory);
  if (inputs.sshPrivateKey === null) return planOffline(config, { ...options, base });
  const based = base && (await withHostsOfBase(config, base));
  if (based) return plan(await createContext({ ...task, config: based }), options);
  const message =
    "no host is asked: hosts are taken from the branch this goes to, and the clone does not hold its djdeploy.yml (actions/checkout needs fetch-depth: 2)";
  reporter.event({ time: new Date().toISOString(), code: "note", level: "warning", message });
  return planOffline(config, { ...options, base });
}

/** Makes build.artifact; its hash is the output that the job which deploys is given. */
async function buildVerb({ inputs, config, reporter, signal }: Task): Promise<Done> {
  const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
  const project = await readProject(config, inputs.revision);
  const { ending, sha256 } = await buildProject(config, project, emit, signal);
  return { ...nothingDone, artifactSha256: sha256, ending };
}

async function testVerb({ inputs, config, reporter, signal }: Task): Promise<Done> {
  const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
  const project = await readProject(config, inputs.revision);
  return { ...nothingDone, ending: await testProject(config, project, emit, signal) };
}
