import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Header } from "tar/header";
import { Pax } from "tar/pax";
import type { Config } from "../../config/types.ts";
import { usageError } from "../../errors.ts";
import { sha256 } from "../content.ts";
import { includedFiles } from "../include.ts";
import { configPrefix, joined } from "../paths.ts";
import type { Project, ShippedFile } from "../types.ts";

export interface Packed {
  /** Absolute path of the archive. */
  file: string;
  /** Of the whole archive, in hexadecimal. */
  sha256: string;
  files: number;
}

/**
 * Packs what `build.include` names into the tar that `build.artifact` names. The same files of the same commit give the
 * same bytes: no time, no owner, in the order of their paths; the commit is the archive's comment, as git archive has it.
 */
export async function packArtifact(project: Project, config: Config): Promise<Packed> {
  const { artifact, include } = config.build;
  if (artifact === null || include.length === 0)
    throw usageError("artifact.nothing", "There is nothing to pack", {
      expected: "build.artifact, a file to make, and build.include, what goes into it",
      seen: artifact === null ? "no build.artifact" : "no build.include",
      hint: "build: {command: npm ci && npm run build, include: [frontend/dist], artifact: build.tar}",
    });
  const top = project.directory;
  const prefix = await configPrefix(config, top);
  const file = join(config.directory, artifact);
  const files = await includedFiles(top, prefix, include);
  if (files.some(({ path }) => path === joined(prefix, artifact)))
    throw usageError("artifact.inside", `build.artifact: ${artifact} lies in what build.include names`, {
      hint: "give it a place beside",
    });
  const unique = new Map(files.map((one) => [one.path, one]));
  const sorted = [...unique.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { file, sha256: await write(file, project.revision.sha, sorted), files: sorted.length };
}

async function write(file: string, commit: string, files: ShippedFile[]): Promise<string> {
  const hash = createHash("sha256");
  const part = `${file}.part`;
  await rm(part, { force: true });
  const to = await open(part, "wx");
  try {
    const put = async (bytes: Buffer) => {
      hash.update(bytes);
      await to.write(bytes);
    };
    await put(new Pax({ comment: commit }, true).encode());
    for (const one of files) for (const bytes of await encoded(one)) await put(bytes);
    await put(Buffer.alloc(1024));
  } finally {
    await to.close();
  }
  await rename(part, file);
  return hash.digest("hex");
}

/** One entry: what its header cannot hold before it, its content behind it. */
async function encoded(file: ShippedFile): Promise<Buffer[]> {
  const content = file.type === "symlink" ? Buffer.alloc(0) : await file.read();
  if (file.type === "file" && sha256(content) !== file.sha256)
    throw usageError("artifact.changed", `${file.path} changed while it was packed`, {
      hint: "something of the build still runs",
    });
  const about = {
    path: file.path,
    mode: file.executable || file.type === "symlink" ? 0o755 : 0o644,
    ...{ uid: 0, gid: 0, uname: "", gname: "", mtime: new Date(0) },
    size: content.length,
    type: file.type === "symlink" ? ("SymbolicLink" as const) : ("File" as const),
    ...(file.target === undefined ? {} : { linkpath: file.target }),
  };
  const header = Buffer.alloc(512);
  const tooLong = new Header(about).encode(header);
  const { path, linkpath, size } = about as typeof about & { linkpath?: string };
  const before = tooLong ? [new Pax({ path, size, ...(linkpath ? { linkpath } : {}) }).encode()] : [];
  return [...before, header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
