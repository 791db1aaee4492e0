import { DeployError, ExitCode } from "../errors.ts";
import { fitsWildcards } from "../files/wildcard.ts";
import type { Ref, Trigger } from "./trigger.ts";

/** What an environment asks of the source of a release; djdeploy.yml's keys in camel case. */
export interface SourceRules {
  environment: string;
  /** Names or patterns; `tags/…` are tags; empty or null = all. */
  branches: string[] | null;
  requireProtected: "warn" | boolean;
}

/** `main`, `release/*` (one level), `release/**`; a tag only by a pattern that begins with `tags/`. Pure. */
export function mayDeploy(ref: Ref, patterns: readonly string[]): boolean {
  const name = ref.type === "tag" ? `tags/${ref.name}` : ref.name;
  return patterns.some(
    (pattern) =>
      pattern.startsWith("tags/") === (ref.type === "tag") && fitsWildcards(pattern, name, { level: true }),
  );
}

/** The ref of a workflow's run against `branches`; null when it may deploy. */
export function refusedRef(rules: SourceRules, trigger: Trigger): DeployError | null {
  if (!rules.branches?.length || (!trigger.ref && !trigger.otherRef)) return null;
  if (trigger.ref && mayDeploy(trigger.ref, rules.branches)) return null;
  const seen = trigger.ref
    ? `the ${trigger.ref.type} ${trigger.ref.name}`
    : `${trigger.otherRef} (${trigger.event}), which is neither a branch nor a tag,`;
  return refusedSource(rules, seen);
}

/** The refs that hold a commit against `branches`, for a run that no workflow started; null when it may deploy. */
export function refusedCommit(rules: SourceRules, refs: Ref[]): DeployError | null {
  if (!rules.branches?.length || refs.some((ref) => mayDeploy(ref, rules.branches!))) return null;
  const names = refs.slice(0, 5).map((ref) => (ref.type === "tag" ? `tags/${ref.name}` : ref.name));
  return refusedSource(rules, names.length > 0 ? `a commit of ${names.join(", ")}` : "a commit of no branch");
}

/** For a commit of which this checkout does not know the branch. */
export function refusedUnknown({ environment, branches }: SourceRules, sha: string): DeployError {
  const seen = "a shallow checkout, which does not know the branches of its commits";
  return new DeployError(
    "guard.branch",
    ExitCode.refused,
    `whether ${sha.slice(0, 7)} may be deployed to ${environment} is not known: its branch is not`,
    {
      expected: `branches: ${branches!.join(", ")} (djdeploy.yml)`,
      seen,
      hint: "give actions/checkout `fetch-depth: 0`",
    },
  );
}

function refusedSource({ environment, branches }: SourceRules, seen: string): DeployError {
  const tag = seen.includes("tag") && !branches!.some((name) => name.startsWith("tags/"));
  return new DeployError("guard.branch", ExitCode.refused, `${seen} may not be deployed to ${environment}`, {
    expected: `branches: ${branches!.join(", ")} (djdeploy.yml)`,
    seen,
    hint: tag
      ? `merge it first, or let tags deploy: branches: [${[...branches!, "tags/v*"].join(", ")}]`
      : 'merge it first, or add it to branches in djdeploy.yml; --force "the reason" (input force) overrides',
  });
}

/**
 * Protection against `require-protected`: an error for true, a note for warn. `isProtected` null: nobody could say,
 * which satisfies `warn` only.
 */
export function judgeProtection(
  rules: SourceRules,
  ref: string,
  isProtected: boolean | null,
): { refused: DeployError | null; note: string | null } {
  const { requireProtected: wanted } = rules;
  if (wanted === false || isProtected === true) return { refused: null, note: null };
  const seen =
    isProtected === false ? `${ref} is not protected` : `whether ${ref} is protected is not known here`;
  if (wanted === "warn") {
    const note = `${seen}: whoever may push to it may deploy (require-protected: warn)`;
    return { refused: null, note: isProtected === false ? note : null };
  }
  const refused = new DeployError(
    "guard.protected",
    ExitCode.refused,
    `${seen}, and ${rules.environment} asks for it`,
    {
      expected: "a branch or tag under branch protection or a ruleset (require-protected: true)",
      seen,
      hint: 'protect it (Settings, Branches), or deploy from a workflow; --force "the reason" (input force) overrides',
    },
  );
  return { refused, note: null };
}
