import { usageError } from "../errors.ts";
import { belowAnother, isPlainPath } from "../files/plain-path.ts";
import { type Blobs, openBlobs } from "./blobs.ts";
import { git } from "./git.ts";
import type { Project } from "./types.ts";

/** One line of `git ls-tree`. */
export interface TreeEntry {
  path: string;
  id: string;
  kind: "file" | "executable" | "symlink" | "submodule";
}

/** A commit's files. Everything the project is asked about is read here, never in the working tree. */
export interface Tree {
  /** Folder of the repository, absolute. */
  directory: string;
  sha: string;
  /** What messages call it. */
  name: string;
  entries: Map<string, TreeEntry>;
  blobs: Blobs;
  has(path: string): boolean;
  /** What stands in a file, null where there is none. */
  bytes(path: string): Promise<Buffer | null>;
  /** The text of a file, null where there is none. */
  text(path: string): Promise<string | null>;
}

const kinds: Record<string, TreeEntry["kind"]> = {
  "100644": "file",
  "100664": "file",
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

/** Opens a commit of a repository: one `git ls-tree` now, one `git cat-file` for what is read later. */
export async function openTree(directory: string, sha: string): Promise<Tree> {
  const listing = await git(directory, ["ls-tree", "-rz", "--full-tree", sha]);
  const entries = new Map<string, TreeEntry>();
  for (const entry of parseListing(listing)) {
    if (entries.has(entry.path)) throw badName(entry.path, "is there twice");
    entries.set(entry.path, entry);
  }
  const below = belowAnother(new Set(entries.keys()));
  if (below) throw badName(below.path, `lies below ${JSON.stringify(below.above)}, which is no folder`);
  const blobs = openBlobs(directory);
  return {
    directory,
    sha,
    name: `commit ${sha.slice(0, 7)}`,
    entries,
    blobs,
    has: (path) => isFile(entries.get(path)),
    async bytes(path) {
      const entry = entries.get(path);
      return isFile(entry) ? blobs.read(entry.id) : null;
    },
    async text(path) {
      const entry = entries.get(path);
      return isFile(entry) ? (await blobs.read(entry.id)).toString("utf8") : null;
    },
  };
}

const opened = new WeakMap<Project, Tree>();

/** Remembers the tree that a project was read from: it is not read a second time for what is shipped of it. */
export function keepTree(project: Project, tree: Tree): void {
  opened.set(project, tree);
}

/** The tree of a project's revision. */
export async function treeOf(project: Project): Promise<Tree> {
  return opened.get(project) ?? openTree(project.directory, project.revision.sha);
}

function isFile(entry: TreeEntry | undefined): entry is TreeEntry {
  return entry?.kind === "file" || entry?.kind === "executable";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `MODE TYPE ID\tPATH\0`… Names that can not be carried safely through archives and scripts are refused. */
function* parseListing(listing: Buffer): Generator<TreeEntry> {
  for (let at = 0; at < listing.length; ) {
    const end = listing.indexOf(0, at);
    const tab = listing.indexOf(9, at);
    const [mode = "", , id = ""] = listing.toString("latin1", at, tab).split(" ");
    const path = fileName(listing.subarray(tab + 1, end));
    at = end + 1;
    const kind = kinds[mode];
    if (kind) yield { path, id, kind };
  }
}

function fileName(bytes: Buffer): string {
  let name: string;
  try {
    name = utf8.decode(bytes);
  } catch {
    throw badName(bytes.toString("latin1"), "is not UTF-8");
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(name)) throw badName(name, "holds a line break or another control character");
  // git makes no such names and checks none out, but keeps a tree that somebody made by hand.
  if (!isPlainPath(name)) throw badName(name, "leads out of the repository, or is no plain path");
  if (/(?:^|\/)\.git(?:\/|$)/i.test(name)) throw badName(name, "lies in .git, which is git's own");
  return name;
}

function badName(name: string, why: string) {
  return usageError("project.file-name", `The name of the tracked file ${JSON.stringify(name)} ${why}`, {
    hint: "rename it (git mv) and commit",
  });
}
