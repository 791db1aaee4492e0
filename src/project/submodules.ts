import { access } from "node:fs/promises";
import { join } from "node:path";
import { usageError } from "../errors.ts";
import { tryGit } from "./git.ts";
import { openTree, type Tree, type TreeEntry } from "./tree.ts";

/** Opens a submodule at the commit that its parent records. It must be initialised in the checkout. */
export async function openSubmodule(parent: Tree, { path, id }: TreeEntry, shown: string): Promise<Tree> {
  const directory = join(parent.directory, path);
  const initialised = await access(join(directory, ".git")).then(
    () => true,
    () => false,
  );
  const found = initialised && (await tryGit(directory, ["cat-file", "-e", `${id}^{commit}`])).code === 0;
  if (found) return openTree(directory, id);
  throw usageError("project.submodule", `The submodule ${shown} is not checked out`, {
    expected: `its commit ${id.slice(0, 7)}, which the revision records`,
    seen: initialised ? "another commit, without this one" : "an empty folder",
    hint: "give actions/checkout `submodules: recursive`, or run git submodule update --init --recursive",
  });
}
