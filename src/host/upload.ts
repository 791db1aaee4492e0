import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { readBase } from "./base.ts";
import type { AnswerOf } from "./protocol.ts";
import type { Asked } from "./session.ts";

/** One file as it will stand in the release folder; a subset of what src/project ships. */
export interface UploadFile {
  path: string;
  type: "file" | "symlink";
  executable: boolean;
  sha256: string;
  size: number;
  target?: string;
  read(): Promise<Buffer>;
}

/** [path, kind, sha256, size]; kind: f file, x executable, l link (the hash is of its target). */
type Row = [path: string, kind: "f" | "x" | "l", sha256: string, size: number];

function row(file: UploadFile): Row {
  const kind = file.type === "symlink" ? "l" : file.executable ? "x" : "f";
  return [file.path, kind, file.sha256, file.size];
}

/** One hash over the whole list; djd_upload.py computes the same. */
export function filesDigest(files: UploadFile[]): string {
  const rows = files.map(row).sort((a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])));
  const text = rows.map(([path, kind, sha]) => `${path}\0${kind}\0${sha}\n`).join("");
  return createHash("sha256").update(text).digest("hex");
}

export interface Delta {
  changed: UploadFile[];
  removed: string[];
  /** Contents that no file of the base has, each once. */
  contents: UploadFile[];
  bytes: number;
}

/** What differs from the base. `base` is the agent's compact list (base64), undefined before the first release. */
export function delta(files: UploadFile[], base: string | undefined): Delta {
  const before = new Map<string, { kind: string; sha256: string }>();
  if (base) {
    for (const [path, kind, sha256] of readBase(base)) before.set(path, { kind, sha256 });
  }
  const changed = files.filter((file) => {
    const known = before.get(file.path);
    const now = row(file);
    return !known || known.kind !== now[1] || known.sha256 !== now[2];
  });
  const present = new Set(files.map((file) => file.path));
  const removed = [...before.keys()].filter((path) => !present.has(path));
  const contents = unique(changed);
  return { changed, removed, contents, bytes: contents.reduce((sum, file) => sum + file.size, 0) };
}

function unique(files: UploadFile[]): UploadFile[] {
  const seen = new Set<string>();
  return files.filter((file) => !seen.has(file.sha256) && seen.add(file.sha256));
}

/** Each content as LENGTH NEWLINE BYTES, all deflated as one. */
async function pack(files: UploadFile[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const file of files) {
    const data = file.type === "symlink" ? Buffer.from(file.target ?? "") : await file.read();
    pieces.push(Buffer.from(`${data.length}\n`), data);
  }
  return pieces.length ? deflateSync(Buffer.concat(pieces)) : Buffer.alloc(0);
}

/** What is sent of a release: what the host has not, or is thought not to have. */
export interface Parcel {
  release: string;
  files: UploadFile[];
  digest: string;
  base: { release: string; list: string } | null;
  difference: Delta;
  contents: UploadFile[];
  blob: Buffer;
}

/** The host's answer: `need` names contents that it lacks, `*` when it does not know the base. */
export type Received = AnswerOf<"upload">;

export async function packUp(release: string, files: UploadFile[], base: Parcel["base"]): Promise<Parcel> {
  const difference = delta(files, base?.list);
  const { contents } = difference;
  return {
    release,
    files,
    digest: filesDigest(files),
    base,
    difference,
    contents,
    blob: await pack(contents),
  };
}

/** The parcel that answers what the host still needs. */
export async function packMore(parcel: Parcel, need: string[]): Promise<Parcel> {
  const { release, files, contents: before } = parcel;
  if (need.includes("*")) return packUp(release, files, null);
  const needed = new Set(need);
  const contents = unique(files.filter((file) => needed.has(file.sha256) || before.includes(file)));
  return { ...parcel, contents, blob: await pack(contents) };
}

/** Sends a release's files; `manifest` is written beside them. */
export function askUpload(to: Asked, parcel: Parcel, manifest: Record<string, unknown>): Promise<Received> {
  const { release, base, difference, contents, digest, blob } = parcel;
  const args = {
    release,
    base: base?.release ?? null,
    removed: difference.removed,
    changed: difference.changed.map(row),
    have: contents.map((file) => file.sha256),
    digest,
    manifest,
  };
  return to.request("upload", args, { blob });
}
