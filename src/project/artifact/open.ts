import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode, usageError } from "../../errors.ts";
import { sha256 } from "../content.ts";
import { configPrefix, forbidden, joined } from "../paths.ts";
import type { Project, ShippedFile } from "../types.ts";
import { readTar, type TarContent, type TarEntry } from "./tar.ts";

/** An archive whose hash was the one that was promised. */
export interface Artifact extends TarContent {
  /** Absolute path. */
  file: string;
  sha256: string;
}

/** A bound for what is hashed and sent. */
const largest = 2 * 1024 ** 3;

/**
 * Refuses (exit code 2) a hash that is none, or that nothing would be held against: whoever gives one means that nothing
 * is built here. To be asked before anything is read or built.
 */
export function requireUsableHash({ build }: Config, hash: string | null): void {
  if (hash === null) return;
  if (build.artifact === null)
    throw usageError(
      "artifact.not-named",
      "artifact-sha256 is given, and djdeploy.yml names no build.artifact",
      {
        expected: "build.artifact: the file whose hash it is",
        hint: "name the file that the earlier job built, or leave the hash out",
      },
    );
  if (!/^[0-9a-f]{64}$/i.test(hash))
    throw usageError("artifact.no-hash", "artifact-sha256 is no SHA-256", {
      expected: "64 hexadecimal digits",
      seen: hash.length > 80 ? `${hash.length} characters` : hash,
    });
}

/**
 * Opens what an earlier job built: first its hash against the one that job gave, then what it holds. Exit code 2 where
 * the hash or the file is missing or the file is no archive that may be shipped, 7 where it is another one.
 */
export async function openArtifact(config: Config, expected: string | null): Promise<Artifact> {
  const { artifact } = config.build;
  if (artifact === null) throw new Error("no build.artifact");
  if (expected === null)
    throw usageError("artifact.no-hash", `build.artifact: nothing says which ${artifact} is meant`, {
      expected: "its SHA-256, which the job that built it gives",
      hint: "in a workflow the input artifact-sha256, from needs.JOB.outputs; on a command line djdeploy build, then djdeploy deploy --artifact-sha256 HASH",
    });
  requireUsableHash(config, expected);
  const file = join(config.directory, artifact);
  const stat = await lstat(file).catch(() => null);
  if (!stat?.isFile())
    throw usageError("artifact.missing", `build.artifact: ${artifact} is not there`, {
      expected: "the file that an earlier job built",
      seen: stat === null ? "nothing" : "something that is no file",
      hint: "actions/upload-artifact in the job that builds, actions/download-artifact before this step",
    });
  if (stat.size > largest)
    throw usageError("artifact.content", `build.artifact: ${artifact} is larger than 2 GiB`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { end: stat.size }), hash);
  const seen = hash.digest("hex");
  if (seen !== expected.toLowerCase())
    throw new DeployError(
      "artifact.hash",
      ExitCode.refused,
      `${artifact} is not what the earlier job built`,
      {
        expected: expected.toLowerCase(),
        seen,
        hint: "something changed it on its way; run the whole workflow again",
      },
    );
  return { file, sha256: seen, ...(await readTar((at, length) => bytesOf(file, at, length), stat.size)) };
}

/**
 * The files of an archive as they are shipped. Each has to lie in what `build.include` names, and each of those has to
 * hold something; an archive that names its commit has to be of the one that is deployed.
 */
export async function artifactFiles(
  { file, entries, commit }: Artifact,
  project: Project,
  config: Config,
): Promise<ShippedFile[]> {
  const { sha } = project.revision;
  if (commit !== null && commit !== sha)
    throw usageError("project.include-revision", "build.artifact is of another commit", {
      expected: `${sha.slice(0, 7)}, which is deployed`,
      seen: /^[0-9a-f]{7,64}$/.test(commit) ? commit.slice(0, 7) : "no commit's name",
      hint: "build and deploy the same commit, in one run of a workflow",
    });
  const prefix = await configPrefix(config, project.directory);
  const named = config.build.include.map((path) => joined(prefix, path));
  const shipped = entries.filter(({ path }) => !forbidden(path));
  const below = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
  const foreign = shipped.find(({ path }) => !named.some((folder) => below(path, folder)));
  if (foreign)
    throw usageError(
      "artifact.content",
      `build.artifact holds ${foreign.path}, which build.include does not name`,
      {
        expected: named.join(", "),
      },
    );
  const empty = named.find((folder) => !shipped.some(({ path }) => below(path, folder)));
  if (empty !== undefined)
    throw usageError("project.include", `build.include: ${empty} is not in build.artifact`, {
      hint: "check `build.command`: it did not make it",
    });
  const files: ShippedFile[] = [];
  for (const entry of shipped) files.push(await shippedFile(file, entry));
  return files;
}

async function shippedFile(file: string, entry: TarEntry): Promise<ShippedFile> {
  const { path, type, executable, size, offset, target } = entry;
  if (target !== undefined) {
    const bytes = Buffer.from(target);
    return { path, type, executable, sha256: sha256(bytes), size, target, read: async () => bytes };
  }
  const hash = createHash("sha256");
  if (size > 0) await pipeline(createReadStream(file, { start: offset, end: offset + size - 1 }), hash);
  const known = hash.digest("hex");
  const read = async () => {
    const bytes = await bytesOf(file, offset, size);
    if (sha256(bytes) === known) return bytes;
    throw new DeployError("artifact.hash", ExitCode.refused, `build.artifact changed while it was sent`);
  };
  return { path, type, executable, sha256: known, size, read };
}

async function bytesOf(file: string, at: number, length: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, at);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
