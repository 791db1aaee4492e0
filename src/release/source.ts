import { setTimeout as delay } from "node:timers/promises";
import { DeployError, ExitCode } from "../errors.ts";
import { requireGreen } from "../github/checks.ts";
import { judgeProtection, mayDeploy, refusedCommit, refusedRef, refusedUnknown } from "../github/guards.ts";
import { branchNames, refsOf } from "../project/history.ts";
import type { Project } from "../project/types.ts";
import type { Recorder, StepVoice } from "./recorder.ts";
import type { DeployOptions, RunContext } from "./types.ts";

/**
 * May this commit be deployed here: branch or tag, its protection, the checks on it. Before any host is asked. A reason
 * in `options.force` turns each refusal into a warning.
 */
export async function requireSource(
  context: RunContext,
  project: Project,
  options: Pick<DeployOptions, "force">,
  recorder: Recorder,
): Promise<void> {
  const { config } = context;
  const { names } = config.requireChecks;
  if (!config.branches?.length && config.requireProtected === false && names.length === 0) return;
  await recorder.step("source", null, async (voice) => {
    const settle = refusal(options.force, voice);
    settle(await branchRule(context, project, voice));
    settle(await protectionRule(context, project, voice));
    if (names.length > 0) await checksRule(context, project, voice, settle);
    voice.summary(described(context, project));
  });
}

/** Throws an error, or with a reason says that it was overridden. */
function refusal(force: string | null, voice: StepVoice): (error: DeployError | null) => void {
  return (error) => {
    if (error && force === null) throw error;
    if (error) voice.note(`${error.message}: overridden (${force})`, "warning");
  };
}

async function branchRule(
  { config, trigger }: RunContext,
  project: Project,
  voice: StepVoice,
): Promise<DeployError | null> {
  const refused = trigger ? refusedRef(config, trigger) : null;
  const { sha, branch, shallow } = project.revision;
  // What a ref says is said of its own commit. A workflow may check out another one, as of a pull request on which somebody
  // commented; and of a run that the push of a tag started GitHub tells the tag's name where a branch's stands.
  const judged = Boolean(trigger?.ref ?? trigger?.otherRef) && trigger?.sha === sha;
  if (refused || judged) return refused;
  const refs = await refsOf(project.directory, sha);
  const own = branch === null ? refs : [{ type: "branch" as const, name: branch }, ...refs];
  const error = refusedCommit(config, own);
  if (error && trigger && shallow) return refusedUnknown(config, sha);
  if (!error || trigger) return error;
  // The default, main, in a repository whose branch is called otherwise keeps nobody out who holds the key.
  const names = await branchNames(project.directory);
  if (names.some((name) => mayDeploy({ type: "branch", name }, config.branches ?? []))) return error;
  voice.note(
    `branches: ${config.branches?.join(", ")} names no branch of this repository; workflows are refused`,
    "warning",
  );
  return null;
}

async function protectionRule(
  { config, trigger, github }: RunContext,
  project: Project,
  voice: StepVoice,
): Promise<DeployError | null> {
  const ref = trigger ? trigger.ref : null;
  const name = ref?.name ?? project.revision.branch ?? project.revision.sha.slice(0, 7);
  const said = trigger?.protected ?? null;
  const known = said === null && ref && github ? await github.isProtected(ref) : said;
  const { refused, note } = judgeProtection(config, name, known);
  if (note !== null) voice.note(note, "warning");
  return refused;
}

async function checksRule(
  { config, github, trigger, signal }: RunContext,
  project: Project,
  voice: StepVoice,
  settle: (error: DeployError | null) => void,
): Promise<void> {
  const { names, waitMs } = config.requireChecks;
  if (!github && trigger) {
    settle(checksUnknown(names));
    return;
  }
  if (!github) {
    voice.note(`require-checks (${names.join(", ")}): GitHub is not asked from a command line`, "warning");
    return;
  }
  try {
    await requireGreen(github, project.revision.sha, {
      names,
      waitMs,
      pause: (ms) => delay(ms, undefined, { signal }).catch(() => undefined),
      now: Date.now,
      cancelled: () => signal.aborted,
      onWait: (open) => voice.note(`waiting for ${open.join(", ")} on ${project.revision.sha.slice(0, 7)}`),
    });
  } catch (error) {
    settle(error as DeployError);
  }
}

function checksUnknown(names: string[]): DeployError {
  return new DeployError(
    "guard.checks",
    ExitCode.refused,
    "GitHub cannot be asked whether the commit is green",
    {
      expected: `require-checks: ${names.join(", ")}`,
      seen: "no token",
      hint: "leave the input github-token at its default, and add to the job: permissions: {checks: read, statuses: read}",
    },
  );
}

function described({ trigger }: RunContext, { revision }: Project): string {
  if (trigger?.ref) return `${trigger.event} of ${trigger.ref.type} ${trigger.ref.name}`;
  return revision.branch ? `branch ${revision.branch}` : revision.sha.slice(0, 7);
}
