import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import type { Emit } from "../report/event.ts";
import type { HostSession } from "./session.ts";

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
  const before = new Map<string, Row>();
  if (base) {
    const rows = JSON.parse(inflateSync(Buffer.from(base, "base64")).toString("utf8")) as Row[];
    for (const entry of rows) before.set(entry[0], entry);
  }
  const changed = files.filter((file) => {
    const known = before.get(file.path);
    const now = row(file);
    return !known || known[1] !== now[1] || known[2] !== now[2];
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

interface Answer {
  need?: string[];
  bytes?: number;
  copied?: number;
}

/** Sends a release's files. Returns the bytes that went over the line and the files that were sent. */
export async function upload(
  session: HostSession,
  release: string,
  files: UploadFile[],
  base: { release: string; list: string } | null,
  manifest: object,
  emit: Emit,
): Promise<{ bytes: number; files: number; copied: number }> {
  const digest = filesDigest(files);
  let from = base;
  let difference = delta(files, from?.list);
  let contents = difference.contents;
  for (let attempt = 0; attempt < 3; attempt++) {
    const blob = await pack(contents);
    const answer = await session.request<Answer>(
      "upload",
      {
        release,
        base: from?.release ?? null,
        removed: difference.removed,
        changed: difference.changed.map(row),
        have: contents.map((file) => file.sha256),
        digest,
        manifest,
      },
      { blob },
    );
    if (!answer.need) {
      return { bytes: blob.length, files: contents.length, copied: answer.copied ?? 0 };
    }
    if (answer.need.includes("*")) {
      from = null;
      difference = delta(files, undefined);
      contents = difference.contents;
      continue;
    }
    const needed = new Set(answer.need);
    contents = unique(files.filter((file) => needed.has(file.sha256) || contents.includes(file)));
    emit({
      code: "note",
      level: "warning",
      host: session.name,
      step: "upload",
      message: `${needed.size} files of the live release were changed on the host by hand; they are sent again, the changes stay in the old release`,
    });
  }
  throw new Error("the host asked for files again and again");
}
