import type { Client } from "./client.ts";
import type { Ref } from "./trigger.ts";

/** One check or status on a commit. */
export interface CheckState {
  name: string;
  state: "success" | "failure" | "pending";
}

/** What the guards ask of GitHub. A call answers null, and says why in `unavailable`, where GitHub can not be asked. */
export interface GithubApi {
  /** Whether a branch is protected. */
  isProtected(ref: Ref): Promise<boolean | null>;
  /** The latest state of every check run and commit status. */
  checks(sha: string): Promise<CheckState[] | null>;
  readonly unavailable: string | null;
}

interface CheckRuns {
  check_runs: { name: string; status: string; conclusion: string | null }[];
}
interface Statuses {
  statuses: { context: string; state: string }[];
}

export function createApi(client: Client): GithubApi {
  let unavailable: string | null = null;
  const asked = async <T>(ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await ask();
    } catch (error) {
      unavailable = (error as Error).message;
      return null;
    }
  };
  return {
    get unavailable() {
      return unavailable;
    },
    async isProtected({ type, name }) {
      if (type !== "branch") return null;
      const route = "GET /repos/{owner}/{repo}/branches/{branch}";
      return asked(
        async () => (await client.call<{ protected: boolean }>(route, { branch: name })).protected,
      );
    },
    checks: (sha) =>
      asked(async () => {
        const [runs, statuses] = await Promise.all([
          client.call<CheckRuns>("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
            ref: sha,
            filter: "latest",
            per_page: 100,
          }),
          client.call<Statuses>("GET /repos/{owner}/{repo}/commits/{ref}/status", {
            ref: sha,
            per_page: 100,
          }),
        ]);
        return [
          ...runs.check_runs.map(({ name, status, conclusion }) => ({
            name,
            state: ofRun(status, conclusion),
          })),
          ...statuses.statuses.map(({ context, state }) => ({ name: context, state: ofStatus(state) })),
        ];
      }),
  };
}

/** A skipped or neutral run counts as green, as it does for branch protection. */
function ofRun(status: string, conclusion: string | null): CheckState["state"] {
  if (status !== "completed") return "pending";
  return ["success", "neutral", "skipped"].includes(conclusion ?? "") ? "success" : "failure";
}

function ofStatus(state: string): CheckState["state"] {
  if (state === "success" || state === "pending") return state;
  return "failure";
}
