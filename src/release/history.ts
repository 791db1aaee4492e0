import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Hold, HostFacts } from "../host/types.ts";
import { type Relation, relation } from "../project/history.ts";
import type { Project } from "../project/types.ts";
import type { Recorder } from "./recorder.ts";
import { liveManifest } from "./rows.ts";
import type { RunContext } from "./types.ts";

/**
 * May this commit follow what the host has: not while it holds after a rollback, not from a re-run of a run that was
 * live before, not when it is older than what serves. A reason in `force` turns each refusal into a warning.
 */
export async function requireHistory(
  context: RunContext,
  project: Project,
  host: { name: string; facts: HostFacts },
  force: string | null,
  recorder: Recorder,
): Promise<void> {
  const refusals = [
    heldBack(context, host),
    rerun(context, host),
    await older(context.config, project, host, recorder),
  ].filter((error) => error !== null);
  for (const error of refusals) {
    if (force === null) throw error;
    recorder.note(`${error.message}: overridden (${force})`, { host: host.name, level: "warning" });
  }
}

/** After a rollback a push would bring the bug back: a person has to begin again. */
export function heldBack(
  { trigger }: Pick<RunContext, "trigger">,
  { name, facts }: Host,
): DeployError | null {
  const { hold } = facts;
  if (!hold || !trigger || trigger.manual) return null;
  return new DeployError("guard.hold", ExitCode.refused, `${name} holds ${holdText(hold)}`, {
    host: name,
    expected: "a deploy that a person starts (workflow_dispatch, or djdeploy deploy)",
    seen: `a run of ${trigger.event}`,
    hint: "when the fix is in, run the workflow by hand; or let pushes deploy again: djdeploy hold ENV --off",
  });
}

/** `release R after the rollback of ada, 20 Nov 2026 11:04 UTC`. */
export function holdText({ release, actor, at, reason }: Hold): string {
  const when = new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ");
  return `${release ?? "what it serves"} since ${when} UTC (${reason}, ${actor})`;
}

/** GitHub runs the old commit again, and a page full of green runs invites to. */
export function rerun(
  { trigger, runUrl }: Pick<RunContext, "trigger" | "runUrl">,
  { name, facts }: Host,
): DeployError | null {
  if (!trigger || trigger.attempt < 2 || runUrl === null) return null;
  const before = facts.releases
    .filter((release) => release.runUrl === runUrl && release.state === "superseded")
    .at(-1);
  if (!before || before.live) return null;
  return new DeployError(
    "guard.rerun",
    ExitCode.refused,
    `this is a re-run of a run that was live already as ${before.id}; newer releases came after it`,
    {
      host: name,
      seen: `attempt ${trigger.attempt}`,
      hint: `to go back, run the rollback${trigger.rollbackUrl ? ` (${trigger.rollbackUrl})` : ""} with release ${before.id}`,
    },
  );
}

async function older(
  config: Config,
  project: Project,
  { name, facts }: Host,
  recorder: Recorder,
): Promise<DeployError | null> {
  const live = liveManifest(facts)?.revision;
  if (config.ancestry === "any" || !live) return null;
  const { sha } = project.revision;
  const short = `${sha.slice(0, 7)}`;
  switch (await relationTo(project, live)) {
    case "older":
      return new DeployError(
        "guard.ancestry",
        ExitCode.refused,
        `${short} is older than what ${name} serves`,
        {
          host: name,
          expected: `a commit that is not an ancestor of ${live.slice(0, 7)} (ancestry: not-older)`,
          seen: short,
          hint: 'to go back: djdeploy rollback ENV; to deploy it nevertheless: --force "the reason" (input force)',
        },
      );
    case "unknown":
      recorder.note(
        `whether ${short} is older than the live ${live.slice(0, 7)} is not known in this clone (fetch-depth: 0 would tell)`,
        { host: name },
      );
      return null;
    case "diverged":
      recorder.note(`${short} and the live ${live.slice(0, 7)} are on different lines of history`, {
        host: name,
      });
      return null;
    default:
      return null;
  }
}

const relations = new WeakMap<Project, Map<string, Promise<Relation>>>();

/** Asked once for each commit that is live somewhere: the hosts of a fleet serve the same, and git is a process each time. */
function relationTo(project: Project, live: string): Promise<Relation> {
  const known = relations.get(project) ?? new Map<string, Promise<Relation>>();
  relations.set(project, known);
  const answer = known.get(live) ?? relation(project.directory, project.revision.sha, live);
  known.set(live, answer);
  return answer;
}

interface Host {
  name: string;
  facts: HostFacts;
}
