import type { Config } from "../../config/types.ts";
import { notYetSupported } from "../../errors.ts";
import { deploy } from "../../release/deploy.ts";
import { plan } from "../../release/plan.ts";
import { rollback } from "../../release/rollback.ts";
import type { Outcome, PlanView, RunContext } from "../../release/types.ts";
import { renderPlan } from "../../release/views/plan.ts";
import type { Report } from "../../report/event.ts";
import { type Ending, type Reporter, reportEnding } from "../../report/reporter.ts";
import { createContext } from "../context.ts";
import type { GithubRun } from "../github.ts";
import type { Inputs } from "../inputs.ts";

/** What a command of the action came to. */
export interface Done {
  ending: Ending;
  /** Only of deploy and rollback. */
  report: Report | null;
  /** Findings at or above the fail level; null = not judged. */
  findings: number | null;
  plan: PlanView | null;
}

export const nothingDone = { report: null, findings: null, plan: null } as const;

/** Everything a command may use. */
export interface Task {
  inputs: Inputs;
  config: Config;
  values: Record<string, string>;
  github: GithubRun;
  reporter: Reporter;
  signal: AbortSignal;
}

export async function perform(task: Task): Promise<Done> {
  const { inputs } = task;
  switch (inputs.command) {
    case "deploy":
      return acted(task, (context) =>
        deploy(context, {
          revision: inputs.revision,
          tests: inputs.tests,
          skipLint: false,
          wait: false,
          force: inputs.force,
        }),
      );
    case "rollback":
      return acted(task, (context) =>
        rollback(context, { to: inputs.release, migrations: inputs.migrations, env: "current" }),
      );
    case "plan": {
      const view = await plan(await createContext(task), { revision: inputs.revision });
      return {
        ...nothingDone,
        plan: view,
        ending: { line: view, text: (paint) => renderPlan(view, paint), error: null },
      };
    }
    default:
      throw notYetSupported(`command: ${inputs.command}`);
  }
}

async function acted(task: Task, work: (context: RunContext) => Promise<Outcome>): Promise<Done> {
  const { report, error } = await work(await createContext(task));
  return { ...nothingDone, report, ending: reportEnding(report, error) };
}
