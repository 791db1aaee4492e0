import { asDeployError, DeployError, ExitCode } from "../../errors.ts";
import type { HostSession } from "../../host/session.ts";
import { configOn } from "../../plan/roles.ts";
import type { StepResult } from "../../report/event.ts";
import { connect } from "../../ssh/connect.ts";
import { identitiesOf } from "../../ssh/identities.ts";
import type { Target } from "../../ssh/types.ts";
import { newRunId } from "../begin.ts";
import { applySetup, showPlan } from "./apply.ts";
import { type HostFacts, readFacts } from "./facts.ts";
import { siteOf } from "./files.ts";
import { checkNames } from "./guards.ts";
import type { SetupInput } from "./input.ts";
import type { SetupItem } from "./item.ts";
import { canLogin, keysPath } from "./key-items.ts";
import { lockForMove, unlockMoved } from "./lock.ts";
import { asOneself } from "./own.ts";
import { planSetup, questionsFor } from "./plan.ts";
import { becomeRoot, type Root } from "./root.ts";
import type { SetupContext, SetupOptions, SetupOutcome } from "./types.ts";
import { noteJournal, verifyLogin, verifySetup } from "./verify.ts";

export type { SetupContext, SetupOptions, SetupOutcome } from "./types.ts";

/** A host that was read and planned for, and not yet changed. */
interface Prepared {
  root: Root;
  target: Target;
  input: SetupInput;
  facts: HostFacts;
  items: SetupItem[];
}

/**
 * Makes bare hosts ready for deploys that never need root again; a second run finds everything unchanged. All hosts
 * are read and planned for before any is changed, so that what one of them refuses is refused for all.
 */
export async function setup(context: SetupContext, options: SetupOptions): Promise<SetupOutcome> {
  const started = performance.now();
  const steps: StepResult[] = [];
  const opened: Root[] = [];
  const locks: HostSession[] = [];
  let error: DeployError | null = null;
  try {
    checkNames(context.config);
    if (context.config.nginx === "print") printSite(context);
    const prepared = await all(context.targets, (target) => prepare(context, options, target, opened));
    if (options.dryRun) {
      for (const { target, items } of prepared) {
        showPlan(target.name, items, context.emit);
        steps.push(...items.map((item) => planned(target.name, item)));
      }
    } else {
      const run = newRunId();
      const ready = await all(prepared, (host) => lockedIfMoved(context, host, run, locks));
      await all(ready, (host) => change(context, host, steps));
      const next = `next: djdeploy deploy ${context.config.environment}`;
      context.emit({ code: "note", level: "info", message: next });
    }
  } catch (thrown) {
    error = context.signal?.aborted ? interrupted() : asDeployError(thrown);
  } finally {
    await Promise.all(locks.map(unlockMoved));
    await Promise.all(opened.map((root) => root.connection.close()));
  }
  const durationMs = Math.round(performance.now() - started);
  return { result: resultOf(options, steps, error), hosts: counts(context, steps), steps, durationMs, error };
}

async function prepare(
  context: SetupContext,
  options: SetupOptions,
  target: Target,
  opened: Root[],
): Promise<Prepared> {
  const config = configOn(context.config, target.name);
  const { ask, signal } = context;
  const connection = await connect(target, { ...(ask ? { ask } : {}), ...(signal ? { signal } : {}) });
  // Whoever waits for a script there is told at once. Closed twice is closed.
  signal?.addEventListener("abort", () => void connection.close(), { once: true });
  const become =
    config.server.scope === "user"
      ? asOneself(connection, config)
      : becomeRoot(connection, options.sudoPassword).then((root) => ({ root, home: null }));
  const { root, home } = await become.catch(async (thrown) => {
    await connection.close();
    throw thrown;
  });
  opened.push(root);
  signal?.throwIfAborted();
  const { usable } = await identitiesOf(target, signal);
  const input: SetupInput = {
    config,
    home,
    repository: context.repository,
    needs: context.needs,
    deployKeys: options.deployKeys,
    planKeys: options.planKeys,
    heldKeys: usable.map((one) => one.key.getPublicSSH().toString("base64")),
    site: config.nginx === "manage",
  };
  return { root, target, input, ...(await readAndPlan(root, input)) };
}

async function readAndPlan(root: Root, input: SetupInput) {
  const facts = await readFacts(root, questionsFor(input));
  try {
    return { facts, items: planSetup(input, facts) };
  } catch (thrown) {
    const error = asDeployError(thrown);
    error.details.host ??= root.connection.name;
    throw error;
  }
}

/** Where a deploy could get in the way: its lock is taken, and what was read before that is read again. */
async function lockedIfMoved(
  { emit }: SetupContext,
  host: Prepared,
  run: string,
  locks: HostSession[],
): Promise<Prepared> {
  const session = await lockForMove(host.root, host.input, host.facts, run, emit);
  if (session === null) return host;
  locks.push(session);
  return { ...host, ...(await readAndPlan(host.root, host.input)) };
}

/** Packages first: what they bring (nginx's default site) is part of what the rest is decided from. */
async function change(context: SetupContext, host: Prepared, steps: StepResult[]): Promise<void> {
  const { root, input } = host;
  const [packages, ...rest] = host.items;
  await applySetup(root, [packages!], context.emit, steps);
  const { facts, items } = packages!.unchanged
    ? { facts: host.facts, items: rest }
    : await readAndPlan(root, input).then((again) => ({ ...again, items: again.items.slice(1) }));
  await applySetup(root, items, context.emit, steps, context.signal);
  steps.push(await verifySetup(root, input.config, keysPath(input, facts), context.emit));
  if (input.home !== null) await noteJournal(root, input.config, context.emit);
  else if (canLogin(input, facts)) steps.push(await verifyLogin(host.target, input.config, context.emit));
}

function interrupted(): DeployError {
  return new DeployError(
    "cancelled",
    ExitCode.failed,
    "interrupted: what runs on a host may still end there",
    {
      hint: "run setup again: it goes on where it stopped",
    },
  );
}

function printSite(context: SetupContext): void {
  const { path, content } = siteOf(context.config, context.needs, true);
  context.emit({ code: "setup.site", level: "info", message: `${path}:\n${content}` });
}

/** Every one runs to its end; the first failure is thrown then. */
async function all<T, R>(items: readonly T[], work: (item: T, at: number) => Promise<R>): Promise<R[]> {
  const settled = await Promise.allSettled(items.map(work));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function planned(host: string, item: SetupItem): StepResult {
  return { step: item.step, host, ms: 0, status: item.unchanged ? "unchanged" : "skipped" };
}

/** Steps that only try what is there. */
function isTrial({ step }: StepResult): boolean {
  return step === "verify" || step === "login";
}

function counts(context: SetupContext, steps: StepResult[]): SetupOutcome["hosts"] {
  return context.targets.map(({ name }) => {
    const own = steps.filter((step) => step.host === name && !isTrial(step));
    const unchanged = own.filter((step) => step.status === "unchanged").length;
    return { host: name, changed: own.length - unchanged, unchanged };
  });
}

function resultOf(
  options: SetupOptions,
  steps: StepResult[],
  error: DeployError | null,
): SetupOutcome["result"] {
  const changed = steps.some((step) => step.status === "done" && !isTrial(step));
  const refusals: number[] = [ExitCode.refused, ExitCode.locked];
  if (error) return refusals.includes(error.exitCode) && !changed ? "refused" : "failed";
  if (options.dryRun) return "planned";
  return changed ? "done" : "unchanged";
}
