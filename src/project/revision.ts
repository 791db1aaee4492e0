import { usageError } from "../errors.ts";
import { shortened } from "../report/visible.ts";
import { dubiousOwnership, git, gitText, nulSeparated, patternsMs, tryGit } from "./git.ts";
import type { Revision } from "./types.ts";

export interface WorkTree {
  /** Top of the git work tree, absolute. */
  top: string;
  /** The asked folder relative to it, "" for the top. */
  prefix: string;
}

/** Finds the git work tree around a folder. */
export async function findWorkTree(directory: string): Promise<WorkTree> {
  const found = await tryGit(directory, ["rev-parse", "--show-toplevel", "--show-prefix"]);
  if (found.code === 0) {
    const [top = "", prefix = ""] = found.stdout.toString("utf8").split("\n");
    return { top, prefix: prefix.replace(/\/$/, "") };
  }
  throw (
    dubiousOwnership(found.stderr) ??
    usageError(
      "project.no-repository",
      `${directory} is not in a git work tree; what is deployed is a commit`,
      {
        seen: found.stderr.split("\n")[0] ?? "",
        hint: "git init && git add -A && git commit -m 'First commit'; in a workflow, run actions/checkout first",
      },
    )
  );
}

/** Resolves what the user asked for (default HEAD) to one commit, once; everything after this uses its full SHA. */
export async function readRevision(top: string, asked: string | null): Promise<Revision> {
  const ref = asked ?? "HEAD";
  const [shallow, branch, dirty] = await Promise.all([isShallow(top), branchOf(top, ref), dirtyFiles(top)]);
  const sha = await resolve(top, ref, shallow);
  const [committedAt = "", subject = ""] = (
    await gitText(top, ["log", "-1", "--no-show-signature", "--format=%cI%n%s", sha])
  ).split("\n");
  return { sha, ref, branch, subject, committedAt, shallow, dirty };
}

async function isShallow(top: string): Promise<boolean> {
  return (await gitText(top, ["rev-parse", "--is-shallow-repository"])) === "true";
}

async function resolve(top: string, ref: string, shallow: boolean): Promise<string> {
  if (ref !== "" && !ref.startsWith("-"))
    for (const candidate of [ref, `refs/remotes/origin/${ref}`]) {
      const found = await tryGit(top, ["rev-parse", "--verify", "--quiet", `${candidate}^{commit}`]);
      const sha = found.stdout.toString("latin1").trim();
      if (found.code === 0) {
        if (await hasNamesakes(top, ref, sha)) throw ambiguous(ref);
        return sha;
      }
      if (found.stderr.includes("ambiguous")) throw ambiguous(ref);
    }
  if (ref === "HEAD")
    throw usageError("project.no-commit", `${top} has no commit yet; what is deployed is a commit`, {
      hint: "git add -A && git commit -m 'First commit'",
    });
  throw usageError(
    "project.unknown-revision",
    `${shortened(ref, 200)} is no branch, tag or commit in ${top}`,
    {
      hint: shallow
        ? "this checkout is shallow: give actions/checkout `fetch-depth: 0`, or run git fetch --unshallow --tags"
        : "git fetch --all --tags, then look with git log --oneline --all",
    },
  );
}

/**
 * Whether a branch, a tag or a commit of that name is another commit. git takes the tag, and more people may push a tag
 * than the branch that is meant.
 */
async function hasNamesakes(top: string, ref: string, sha: string): Promise<boolean> {
  const places = ["refs/tags/", "refs/heads/", "refs/remotes/origin/"].map((folder) => folder + ref);
  const format = "--format=%(refname) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";
  const lines = (await gitText(top, ["for-each-ref", format, ...places])).split("\n");
  const named = lines.map((line) => line.split(" ")).filter(([name]) => places.includes(name!));
  const [tags, branches] = [true, false].map((tag) =>
    named.filter(([name]) => name!.startsWith("refs/tags/") === tag).map(([, of]) => of),
  );
  if (tags!.length > 0 && branches!.some((of) => of !== tags![0])) return true;
  // The beginning of a SHA, where a branch or a tag is called so.
  if (named.length === 0 || !/^[0-9a-f]{4,39}$/.test(ref)) return false;
  const objects = (await gitText(top, ["rev-parse", `--disambiguate=${ref}`])).split("\n").filter(Boolean);
  return objects.some((object) => object !== sha);
}

function ambiguous(ref: string) {
  return usageError("project.ambiguous-revision", `${ref} names more than one commit`, {
    hint: `give more digits of the SHA, or say which it is: refs/heads/${ref}, refs/tags/${ref}`,
  });
}

/** The branch by name: of HEAD the one that is checked out, of another revision itself where it is a branch. */
async function branchOf(top: string, ref: string): Promise<string | null> {
  const named = await tryGit(top, ["rev-parse", "--verify", "--quiet", "--symbolic-full-name", ref]);
  const full = named.stdout.toString("utf8").trim();
  return /^refs\/(?:heads|remotes\/origin)\/(.+)$/.exec(full)?.[1] ?? null;
}

/** Tracked files with changes that no commit holds. A renamed file counts under its new name. */
async function dirtyFiles(top: string): Promise<string[]> {
  const status = await git(top, ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"], {
    limitMs: patternsMs,
  });
  return nulSeparated(status).map((line) => line.slice(3));
}

/** The address of `origin` in one form for all its spellings; null without a remote. */
export async function readRepository(top: string): Promise<string | null> {
  const origin = await tryGit(top, ["remote", "get-url", "origin"]);
  return origin.code === 0 ? normaliseAddress(origin.stdout.toString("utf8").trim()) : null;
}

/**
 * `git@github.com:Org/Repo.git`, `ssh://git@github.com:22/org/repo` and `https://TOKEN@github.com/org/repo/` are all
 * `github.com/org/repo`. Never holds a user, a password or a token. A local folder stays a path.
 */
export function normaliseAddress(url: string): string | null {
  const trimmed = url.replace(/^file:\/\//, "").replace(/\/+$/, "");
  if (/^(?:\/|\.)/.test(trimmed)) return trimmed.replace(/(?:\/\.|\.)git$/, "");
  const parts =
    /^[a-z+]+:\/\/(?:[^/]*@)?(\[[^\]]+\]|[^:/]+)(?::\d+)?\/+(.+)$/i.exec(trimmed) ??
    /^(?:[^/]*@)?(\[[^\]]+\]|[^:/]+):\/*(.+)$/.exec(trimmed);
  if (!parts) return null;
  return `${parts[1]}/${parts[2]}`.replace(/\.git$/, "").toLowerCase();
}
