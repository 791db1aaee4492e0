import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { git, nulSeparated, patternsMs, tryGit } from "./git.ts";
import type { Tree } from "./tree.ts";

/**
 * Paths that `git archive` would leave out: `export-ignore` in the .gitattributes of the commit itself. They are read
 * through a scratch index, which every git can (`check-attr --source` came with 2.40). A folder is asked with its
 * trailing slash, as archive does, and takes all below it along.
 */
export async function exportIgnored(tree: Tree, limitMs = patternsMs): Promise<(path: string) => boolean> {
  if (!(await namesAny(tree))) return () => false;
  const scratch = await mkdtemp(join(tmpdir(), "djdeploy-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, "index") };
    await git(tree.directory, ["read-tree", tree.sha], { env });
    return answered(
      await git(tree.directory, [...QUESTION, "--cached"], { env, input: asked(tree), limitMs }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The same by the .gitattributes that lie in a folder now; nothing is left out of one that is no repository. */
export async function exportIgnoredIn(
  directory: string,
  tree: Tree,
  limitMs = patternsMs,
): Promise<(path: string) => boolean> {
  if (!(await namesAny(tree))) return () => false;
  const inside = await tryGit(directory, ["rev-parse", "--is-inside-work-tree"]);
  if (inside.code !== 0) return () => false;
  return answered(await git(directory, QUESTION, { input: asked(tree), limitMs }));
}

const QUESTION = ["check-attr", "-z", "--stdin", "export-ignore"];

async function namesAny(tree: Tree): Promise<boolean> {
  const attributes = [...tree.entries.keys()].filter((path) => posix.basename(path) === ".gitattributes");
  const texts = await Promise.all(attributes.map((path) => tree.text(path)));
  return texts.some((text) => text?.includes("export-ignore"));
}

const asked = (tree: Tree): string => [...foldersOf(tree), ...tree.entries.keys(), ""].join("\0");

function answered(said: Buffer): (path: string) => boolean {
  const answers = nulSeparated(said);
  const ignored = new Set<string>();
  for (let at = 0; at + 2 < answers.length; at += 3) if (answers[at + 2] === "set") ignored.add(answers[at]!);
  return (path) => ignored.has(path) || foldersAbove(path).some((folder) => ignored.has(folder));
}

/** All folders, and submodules, which stand for folders. */
function foldersOf(tree: Tree): Set<string> {
  const folders = new Set<string>();
  for (const { path, kind } of tree.entries.values())
    for (const folder of foldersAbove(kind === "submodule" ? `${path}/x` : path)) folders.add(folder);
  return folders;
}

/** `a/b/c` lies in `a/` and `a/b/`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
    folders.push(path.slice(0, at + 1));
  return folders;
}
