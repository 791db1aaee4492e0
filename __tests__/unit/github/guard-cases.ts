import type { EventPayload } from "../../../src/github/event.ts";

/** One row of the table in docs/github.md: a run, what the host said, and how a deploy to production ends. */
export interface GuardCase {
  event: string;
  guard: string;
  env: Record<string, string>;
  payload?: EventPayload;
  /** Keys of the environment that are not the default. */
  rules?: { branches?: string[]; requireProtected?: boolean | "warn" };
  /** The host holds after a rollback; a release of the same run was live before. */
  host?: { held?: true; wasLive?: true };
  force?: string;
  /** A code of a refusal (exit code 7), or `deploys`, or `deploys, with a warning`. */
  outcome: string;
}

const own = { full_name: "acme/shop" };
const fork = { full_name: "stranger/shop" };
const on = (event: string, ref: string, isProtected?: boolean) => ({
  GITHUB_EVENT_NAME: event,
  GITHUB_REF: ref,
  ...(isProtected === undefined ? {} : { GITHUB_REF_PROTECTED: String(isProtected) }),
});
const main = "refs/heads/main";
const push = on("push", main, true);

export const guardCases: GuardCase[] = [
  { event: "push to main, protected", guard: "branches, require-protected", env: push, outcome: "deploys" },
  {
    event: "push to main, not protected",
    guard: "require-protected: warn",
    env: on("push", main, false),
    outcome: "deploys, with a warning",
  },
  {
    event: "push to main, not protected",
    guard: "require-protected: true",
    env: on("push", main, false),
    rules: { requireProtected: true },
    outcome: "guard.protected",
  },
  {
    event: "push to main, protection not known",
    guard: "require-protected: true",
    env: on("push", main),
    rules: { requireProtected: true },
    outcome: "guard.protected",
  },
  {
    event: "push to main, not protected, with `force`",
    guard: "require-protected: true",
    env: on("push", main, false),
    rules: { requireProtected: true },
    force: "the rule comes tomorrow",
    outcome: "deploys, with a warning",
  },
  {
    event: "push to another branch",
    guard: "branches",
    env: on("push", "refs/heads/topic"),
    outcome: "guard.branch",
  },
  {
    event: "push to release/1.2",
    guard: "branches: [release/*]",
    env: on("push", "refs/heads/release/1.2", true),
    rules: { branches: ["release/*"] },
    outcome: "deploys",
  },
  {
    event: "push of tag v1.2",
    guard: "branches",
    env: on("push", "refs/tags/v1.2"),
    outcome: "guard.branch",
  },
  {
    event: "push of tag v1.2",
    guard: "branches: [tags/v*]",
    env: on("push", "refs/tags/v1.2", true),
    rules: { branches: ["main", "tags/v*"] },
    outcome: "deploys",
  },
  {
    event: "push of a tag named main",
    guard: "branches",
    env: on("push", "refs/tags/main"),
    outcome: "guard.branch",
  },
  {
    event: "release published, tag v1.2",
    guard: "branches",
    env: on("release", "refs/tags/v1.2"),
    outcome: "guard.branch",
  },
  {
    event: "workflow_dispatch on main",
    guard: "branches",
    env: on("workflow_dispatch", main, true),
    outcome: "deploys",
  },
  {
    event: "workflow_dispatch on another branch",
    guard: "branches",
    env: on("workflow_dispatch", "refs/heads/topic"),
    outcome: "guard.branch",
  },
  { event: "schedule", guard: "branches", env: on("schedule", main, true), outcome: "deploys" },
  {
    event: "merge_group",
    guard: "branches",
    env: on("merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc"),
    outcome: "guard.branch",
  },
  {
    event: "pull_request of this repository",
    guard: "branches",
    env: on("pull_request", "refs/pull/7/merge"),
    payload: { repository: own, pull_request: { head: { repo: own }, base: { repo: own } } },
    outcome: "guard.branch",
  },
  {
    event: "pull_request from a fork",
    guard: "always",
    env: on("pull_request", "refs/pull/7/merge"),
    payload: { repository: own, pull_request: { head: { repo: fork }, base: { repo: own } } },
    outcome: "guard.event",
  },
  {
    event: "pull_request from a fork that was deleted",
    guard: "always",
    env: on("pull_request", "refs/pull/7/merge"),
    payload: { repository: own, pull_request: { head: { repo: null }, base: { repo: own } } },
    outcome: "guard.event",
  },
  {
    event: "pull_request from a fork, with `force`",
    guard: "always",
    env: on("pull_request", "refs/pull/7/merge"),
    payload: { repository: own, pull_request: { head: { repo: fork }, base: { repo: own } } },
    force: "I want it",
    outcome: "guard.event",
  },
  {
    event: "pull_request_target",
    guard: "always",
    env: on("pull_request_target", main, true),
    payload: { repository: own, pull_request: { head: { repo: own }, base: { repo: own } } },
    outcome: "guard.event",
  },
  {
    event: "workflow_run after a push to main",
    guard: "branches",
    env: on("workflow_run", main, true),
    payload: {
      repository: own,
      workflow_run: { event: "push", head_branch: "main", head_repository: own, repository: own },
    },
    outcome: "deploys",
  },
  {
    event: "workflow_run after a push to another branch",
    guard: "branches",
    env: on("workflow_run", main, true),
    payload: {
      repository: own,
      workflow_run: { event: "push", head_branch: "topic", head_repository: own, repository: own },
    },
    outcome: "guard.branch",
  },
  {
    event: "workflow_run of a fork",
    guard: "always",
    env: on("workflow_run", main, true),
    payload: {
      repository: own,
      workflow_run: { event: "push", head_branch: "main", head_repository: fork, repository: own },
    },
    outcome: "guard.event",
  },
  {
    event: "workflow_run of a branch that was deleted",
    guard: "branches",
    env: on("workflow_run", main, true),
    payload: {
      repository: own,
      workflow_run: { event: "push", head_branch: null, head_repository: own, repository: own },
    },
    outcome: "guard.branch",
  },
  {
    event: "workflow_call from a push to main",
    guard: "branches",
    env: { ...push, GITHUB_WORKFLOW_REF: "acme/shop/.github/workflows/ci.yml@refs/heads/main" },
    outcome: "deploys",
  },
  {
    event: "push to main after a rollback",
    guard: "hold",
    env: push,
    host: { held: true },
    outcome: "guard.hold",
  },
  {
    event: "workflow_dispatch on main after a rollback",
    guard: "hold",
    env: on("workflow_dispatch", main, true),
    host: { held: true },
    outcome: "deploys",
  },
  {
    event: "re-run of a push that failed",
    guard: "re-run",
    env: { ...push, GITHUB_RUN_ATTEMPT: "2" },
    outcome: "deploys",
  },
  {
    event: "re-run of a push that was live, newer ones came",
    guard: "re-run",
    env: { ...push, GITHUB_RUN_ATTEMPT: "2" },
    host: { wasLive: true },
    outcome: "guard.rerun",
  },
];
