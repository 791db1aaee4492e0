import type { Ref } from "./trigger.ts";

/** One check or status on a commit. */
export interface CheckState {
  name: string;
  state: "success" | "failure" | "pending";
}

/** What is asked of GitHub. Every call answers null, and says why to `unavailable`, where GitHub can not be asked. */
export interface GithubApi {
  /** Whether a branch is protected. */
  isProtected(ref: Ref): Promise<boolean | null>;
  /** The latest state of every check run and commit status. */
  checks(sha: string): Promise<CheckState[] | null>;
  /** Why a call answered null: `resource not accessible; grant checks: read`. */
  readonly unavailable: string | null;
}
