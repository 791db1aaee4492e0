import { gitText, tryGit } from "./git.ts";

const branchFolders = ["refs/heads", "refs/remotes/origin"];

/** How a commit stands to another one; `unknown` where this clone does not hold enough history. */
export type Relation = "same" | "older" | "newer" | "diverged" | "unknown";

/** Whether `sha` is a strict ancestor of `live` (`older`), the other way round, or neither. */
export async function relation(top: string, sha: string, live: string): Promise<Relation> {
  if (sha === live) return "same";
  // First: a partial clone fetches what it lacks.
  if ((await tryGit(top, ["cat-file", "-e", `${live}^{commit}`])).code !== 0) return "unknown";
  const [older, newer] = await Promise.all([isAncestor(top, sha, live), isAncestor(top, live, sha)]);
  if (older) return "older";
  if (newer) return "newer";
  const shallow = (await gitText(top, ["rev-parse", "--is-shallow-repository"])) === "true";
  return shallow ? "unknown" : "diverged";
}

async function isAncestor(top: string, ancestor: string, of: string): Promise<boolean> {
  return (await tryGit(top, ["merge-base", "--is-ancestor", ancestor, of])).code === 0;
}

export interface Commit {
  sha: string;
  subject: string;
}

/** The commits that `sha` has and `live` lacks, newest first, at most `most`; null where the clone does not hold them. */
export async function commitsSince(
  top: string,
  live: string,
  sha: string,
  most: number,
): Promise<Commit[] | null> {
  const between = await tryGit(top, ["log", `--max-count=${most}`, "--format=%H %s", `${live}..${sha}`]);
  if (between.code !== 0) return null;
  const lines = between.stdout.toString("utf8").split("\n").filter(Boolean);
  return lines.map((line) => ({ sha: line.slice(0, 40), subject: line.slice(41) }));
}

/** The names of all branches, of here and of origin. */
export async function branchNames(top: string): Promise<string[]> {
  return shortNames(await gitText(top, ["for-each-ref", "--format=%(refname)", ...branchFolders]));
}

/** Branches (of here and of origin) that hold a commit, and tags that name it. */
export async function refsOf(top: string, sha: string): Promise<{ type: "branch" | "tag"; name: string }[]> {
  const [branches, tags] = await Promise.all([
    gitText(top, ["for-each-ref", `--contains=${sha}`, "--format=%(refname)", ...branchFolders]),
    gitText(top, ["for-each-ref", `--points-at=${sha}`, "--format=%(refname)", "refs/tags"]),
  ]);
  return [
    ...shortNames(branches).map((name) => ({ type: "branch" as const, name })),
    ...tags
      .split("\n")
      .filter(Boolean)
      .map((ref) => ({ type: "tag" as const, name: ref.slice("refs/tags/".length) })),
  ];
}

function shortNames(refs: string): string[] {
  const names = refs
    .split("\n")
    .flatMap((ref) => /^refs\/(?:heads|remotes\/origin)\/(.+)$/.exec(ref)?.[1] ?? []);
  return [...new Set(names)].filter((name) => name !== "HEAD");
}
