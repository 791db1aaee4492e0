import { bareConfig } from "../config/bare.ts";
import { findConfig, listEnvironments, loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { LintResult } from "../lint/types.ts";
import { deploy as deployCore } from "../release/deploy.ts";
import { lintFolder } from "../release/lint.ts";
import { plan as planCore } from "../release/plan.ts";
import { rollback as rollbackCore } from "../release/rollback.ts";
import { status as statusCore } from "../release/status.ts";
import type { Outcome, PlanView, RunContext, StatusView } from "../release/types.ts";
import type { Report } from "../report/event.ts";
import { redactDeep } from "../report/redact.ts";
import { visibleDeep } from "../report/visible.ts";
import { cwdOf, guarded, open, outside, valuesOf } from "./open.ts";
import { checked } from "./options.ts";
import { RunError } from "./run-error.ts";
import type { DeployOptions, LintOptions, PlanOptions, RollbackOptions, RunOptions } from "./types.ts";

/**
 * Takes a revision to the hosts and proves that it serves. Resolves when every host was seen serving it; rejects with a
 * RunError otherwise, and with a DeployError where no run began (an option, djdeploy.yml, the key).
 */
export async function deploy(options: DeployOptions = {}): Promise<Report> {
  const own = checked("deploy", options);
  return acted(own, (context) =>
    deployCore(context, {
      revision: own.revision ?? null,
      tests: own.tests ?? "run",
      skipLint: own.lint === "skip",
      wait: own.wait ?? false,
      force: own.force ?? null,
      artifactSha256: own.artifactSha256 ?? null,
    }),
  );
}

/** Goes back to a release that the hosts have, and proves that it serves. Resolves and rejects as `deploy` does. */
export async function rollback(options: RollbackOptions = {}): Promise<Report> {
  const own = checked("rollback", options);
  const { to = null, migrations = "auto", env = "current" } = own;
  return acted(own, (context) => rollbackCore(context, { to, migrations, env }));
}

/** What a deploy would do. Reads the hosts, changes nothing. Rejects with a DeployError. */
export async function plan(options: PlanOptions = {}): Promise<PlanView> {
  const own = checked("plan", options);
  const { revision = null, artifactSha256 = null } = own;
  return viewed(own, (context) => planCore(context, { revision, artifactSha256 }));
}

/** What each host serves, and whether that is proven. Rejects with a DeployError when no host could be asked. */
export async function status(options: RunOptions = {}): Promise<StatusView> {
  const own = checked("status", options);
  return viewed(own, statusCore);
}

/**
 * Judges the production settings as they lie in the folder, without running the project. Findings are no error; a folder
 * without djdeploy.yml is judged with all defaults, and of several environments production is taken unless one is named.
 */
export async function lint(options: LintOptions = {}): Promise<LintResult> {
  const own = checked("lint", options);
  return guarded(async (hidden) => {
    const values = valuesOf(own);
    hidden.add(Object.values(values));
    const config = await lintConfig(own);
    const { result } = await lintFolder(config, { values, settings: own.settings ?? null });
    return visibleDeep(redactDeep(result, hidden.redact)) as LintResult;
  });
}

async function lintConfig(options: LintOptions): Promise<Config> {
  const cwd = cwdOf(options);
  const file = options.config ?? (await findConfig(cwd).catch(missing));
  if (file === null) return bareConfig(cwd);
  const usual = async () =>
    (await listEnvironments(file, cwd)).includes("production") ? "production" : null;
  return loadConfig({ file, cwd, environment: options.environment ?? (await usual()) });
}

function missing(error: unknown): null {
  if (error instanceof DeployError && error.code === "config.not-found") return null;
  throw error;
}

function acted(options: RunOptions, verb: (context: RunContext) => Promise<Outcome>): Promise<Report> {
  return guarded(async (hidden) => {
    const { context, clean, deaf } = await open(options, hidden);
    const outcome = await verb(context);
    const report = clean(outcome.report);
    const error =
      outcome.error ?? (deaf() ? notHeard("the run itself has ended: see `report` of this error") : null);
    if (error) throw new RunError(outside(error, hidden), report);
    return report;
  });
}

function viewed<View>(options: RunOptions, verb: (context: RunContext) => Promise<View>): Promise<View> {
  return guarded(async (hidden) => {
    const { context, clean, deaf } = await open(options, hidden);
    const view = clean(await verb(context));
    if (deaf()) throw notHeard("nothing was changed; ask again");
    return view;
  });
}

/** The caller's own function failed in a run that is over. */
function notHeard(hint: string): DeployError {
  return new DeployError("library.on-event", ExitCode.failed, "onEvent threw, and heard no more of the run", {
    hint,
  });
}
