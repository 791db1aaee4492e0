import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DeployError, usageError } from "../errors.ts";
import { readRegular } from "../files/read.ts";
import { insideOf } from "../files/within.ts";
import { patternsMs, tryGit } from "./git.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** A folder with more files than this holds something else than a project's source. */
const mostFiles = 50_000;
/** A source, a requirements or a lock file is never so large. */
const mostBytes = 32_000_000;

/** A folder's files, which can be read at once too. */
interface Folder extends Tree {
  read(path: string): string | null;
  content(path: string): Buffer | null;
}

/**
 * The files of a folder as they are now, for verbs that judge what is being written: what git tracks or would track,
 * and without git everything but virtual environments, packages and hidden folders.
 */
export async function openFolder(directory: string, limitMs = patternsMs): Promise<Folder> {
  const question = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = await tryGit(directory, question, { limitMs });
  if (listed.code === 124) throw endless(directory, limitMs);
  const paths =
    listed.code === 0 ? listed.stdout.toString("utf8").split("\0").filter(Boolean) : await walk(directory);
  const entries = new Map<string, TreeEntry>();
  for (const path of paths) entries.set(path, { path, id: path, kind: "file" });
  const place = (path: string) => {
    const real = entries.has(path) ? insideOf(directory, path) : null;
    // A link may lead to another of these files, and to nothing else of this machine.
    return real !== null && entries.has(real) ? join(directory, real) : null;
  };
  const bytes = (path: string) => {
    const real = place(path);
    return real === null ? null : readRegular(real, mostBytes);
  };
  return {
    directory,
    sha: "",
    name: "this folder",
    entries,
    blobs: { read: async (id) => bytes(id) ?? Buffer.alloc(0) },
    has: (path) => place(path) !== null,
    read: (path) => textOf(bytes(path)),
    content: bytes,
    bytes: async (path) => bytes(path),
    text: async (path) => textOf(bytes(path)),
  };
}

function endless(directory: string, limitMs: number): DeployError {
  return usageError(
    "project.listing",
    `git did not list the files of the folder within ${limitMs / 1000} s`,
    {
      seen: directory,
      hint: "look for a pattern with many ** or * in .gitignore: git ls-files --others --exclude-standard",
    },
  );
}

/**
 * The text of a file below the repository's top; null where there is none: it may be gone since it was listed, be a
 * folder, a device or a pipe, or a link that leads out of the repository.
 */
export function readText(top: string, path: string): string | null {
  const real = insideOf(top, path);
  return real === null ? null : textOf(readRegular(join(top, real), mostBytes));
}

function textOf(bytes: Buffer | null): string | null {
  return bytes?.toString("utf8") ?? null;
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
