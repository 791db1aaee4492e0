import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readRegular } from "../files/read.ts";
import { tryGit } from "./git.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** A folder with more files than this holds something else than a project's source. */
const mostFiles = 50_000;
/** A source, a requirements or a lock file is never so large. */
const mostBytes = 32_000_000;

/**
 * The files of a folder as they are now, for verbs that judge what is being written: what git tracks or would track,
 * and without git everything but virtual environments, packages and hidden folders.
 */
export async function openFolder(directory: string): Promise<Tree> {
  const listed = await tryGit(directory, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const paths =
    listed.code === 0 ? listed.stdout.toString("utf8").split("\0").filter(Boolean) : await walk(directory);
  const entries = new Map<string, TreeEntry>();
  for (const path of paths) entries.set(path, { path, id: path, kind: "file" });
  const text = (path: string) => (entries.has(path) ? readText(join(directory, path)) : null);
  return {
    directory,
    // Stands in messages where a commit would: "There is no manage.py at workdir".
    sha: "workdir",
    entries,
    blobs: { read: async (id) => readRegular(join(directory, id), mostBytes) ?? Buffer.alloc(0) },
    has: (path) => entries.has(path),
    text: async (path) => text(path),
  };
}

/**
 * The text of a file; null where there is none: it may be gone since it was listed, be a folder, or a link to a device
 * or a pipe.
 */
export function readText(path: string): string | null {
  return readRegular(path, mostBytes)?.toString("utf8") ?? null;
}

async function walk(top: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const children = await readdir(join(top, folder), { withFileTypes: true }).catch(() => []);
    if (children.some((child) => child.name === "pyvenv.cfg")) return;
    for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= mostFiles) return;
      const path = folder ? `${folder}/${child.name}` : child.name;
      if (child.isDirectory()) {
        if (!/^(?:\..*|node_modules|__pycache__|site-packages)$/.test(child.name)) await visit(path);
      } else if (child.isFile() || (child.isSymbolicLink() && (await isFile(join(top, path)))))
        found.push(path);
    }
  };
  await visit("");
  return found;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
