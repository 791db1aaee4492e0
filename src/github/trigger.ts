import type { EventPayload } from "./event.ts";

/** A branch or a tag by its short name. */
export interface Ref {
  type: "branch" | "tag";
  name: string;
}

/** What started a run of a workflow, as far as the guards of a release ask. */
export interface Trigger {
  /** GitHub's name of the event: `push`, `workflow_dispatch`. */
  event: string;
  ref: Ref | null;
  /** A ref that is neither a branch nor a tag (`refs/pull/7/merge`, `a deleted branch`); null also when none was said. */
  otherRef: string | null;
  /** The commit that `ref` named when the run began, which need not be checked out; null: not said, as of another run's ref. */
  sha: string | null;
  /** Whether branch protection or a ruleset covers the ref; null = GitHub did not say. */
  protected: boolean | null;
  /** From 1; more than 1 is a re-run. */
  attempt: number;
  /** A person pressed a button. */
  manual: boolean;
  /** The page with the rollback button. */
  rollbackUrl: string | null;
}

type Env = Record<string, string | undefined>;

/** Reads the runner's documented variables; null outside of a workflow. Of a run that another workflow started, the ref of that one counts. */
export function readTrigger(env: Env, payload: EventPayload): Trigger | null {
  const event = env.GITHUB_EVENT_NAME;
  if (!event) return null;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const started = payload.workflow_run ?? null;
  // A branch that is gone has no name; it is none that may deploy.
  const full =
    started === null
      ? env.GITHUB_REF
      : started.head_branch
        ? `refs/heads/${started.head_branch}`
        : "a deleted branch";
  const ref = parseRef(full);
  const attempt = Number(env.GITHUB_RUN_ATTEMPT ?? "1");
  return {
    event,
    ref,
    otherRef: ref === null && full ? full : null,
    sha: (started === null && env.GITHUB_SHA) || null,
    protected: started === null && env.GITHUB_REF_PROTECTED ? env.GITHUB_REF_PROTECTED === "true" : null,
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
    manual: event === "workflow_dispatch",
    rollbackUrl: server && repository ? `${server}/${repository}/actions/workflows/rollback.yml` : null,
  };
}

function parseRef(full: string | null | undefined): Ref | null {
  const match = /^refs\/(heads|tags)\/(.+)$/.exec(full ?? "");
  if (!match) return null;
  return { type: match[1] === "heads" ? "branch" : "tag", name: match[2]! };
}
