import { DeployError, ExitCode } from "../errors.ts";
import type { CheckState, GithubApi } from "./api.ts";

export interface Waiting {
  names: string[];
  waitMs: number;
  /** Resolves after a while; early when the run is cancelled. */
  pause(ms: number): Promise<void>;
  now(): number;
  cancelled(): boolean;
  /** Told once for each new set of checks that are waited for. */
  onWait(names: string[]): void;
}

const betweenMs = 10_000;

/**
 * Waits until every named check is green on a commit: push starts CI and deploy together. Throws when one is red, when
 * the time is over, and when GitHub can not be asked: a rule that is set is not taken for kept.
 */
export async function requireGreen(
  api: GithubApi,
  sha: string,
  { names, waitMs, pause, now, cancelled, onWait }: Waiting,
): Promise<void> {
  const end = now() + waitMs;
  let told = "";
  for (;;) {
    const states = await api.checks(sha);
    const { red, open } = judge(names, states ?? []);
    if (red.length > 0)
      throw notGreen(sha, `${red.join(", ")} failed`, "fix the commit, or run the check again");
    if (states !== null && open.length === 0) return;
    if (cancelled()) return;
    if (now() >= end) throw late(sha, open, states === null ? api.unavailable : null);
    if (told !== open.join()) onWait(open);
    told = open.join();
    await pause(Math.min(betweenMs, Math.max(0, end - now())));
  }
}

/** Of the wanted names, those that are red and those that are not there or not done yet. */
function judge(names: string[], states: CheckState[]): { red: string[]; open: string[] } {
  const of = (name: string) => states.filter((one) => one.name === name).map((one) => one.state);
  const red = names.filter((name) => of(name).includes("failure"));
  const open = names.filter((name) => of(name).length === 0 || of(name).includes("pending"));
  return { red, open };
}

function late(sha: string, open: string[], unavailable: string | null): DeployError {
  if (unavailable !== null) return notGreen(sha, `GitHub could not be asked: ${unavailable}`, "run it again");
  return notGreen(
    sha,
    `${open.join(", ")} did not come in time`,
    "are these the checks' own names (as the commit's page shows them)? require-checks.wait says how long to wait",
  );
}

function notGreen(sha: string, seen: string, hint: string): DeployError {
  return new DeployError("guard.checks", ExitCode.refused, `${sha.slice(0, 7)} is not green: ${seen}`, {
    expected: "all of require-checks.names are green on the commit",
    seen,
    hint: `${hint}; --force "the reason" (input force) overrides`,
  });
}
