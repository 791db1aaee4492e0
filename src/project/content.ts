import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { usageError } from "../errors.ts";
import { readRegular } from "../files/read.ts";
import { gitText } from "./git.ts";

/** Bytes of one file that is shipped: what Node reads at once. */
export const largestFile = 2 ** 31 - 1;

/** A file's content as it will stand on the host. */
export interface Content {
  bytes: Buffer;
  /** Its Windows line endings were taken out. */
  normalised: boolean;
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Scripts whose `#!` line ends in CR LF: Linux would look for an interpreter named `python3\r`. */
export function normaliseScript(bytes: Buffer): Content {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return { bytes, normalised: false };
  const end = bytes.indexOf(10);
  if (end < 1 || bytes[end - 1] !== 13 || bytes.includes(0)) return { bytes, normalised: false };
  const text = bytes.toString("latin1").replaceAll("\r\n", "\n");
  return { bytes: Buffer.from(text, "latin1"), normalised: true };
}

/** The object that a Git LFS pointer stands for; null for anything else. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export function lfsObject(bytes: Buffer): { oid: string; size: number } | null {
  if (bytes.length > 1024 || !bytes.subarray(0, 43).equals(pointerStart)) return null;
  const text = bytes.toString("utf8");
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return oid && size ? { oid, size: Number(size) } : null;
}

const pointerStart = Buffer.from("version https://git-lfs.github.com/spec/v1\n");

/** The real content of an LFS file from the checkout's own store, proven by its hash; refused where it was not fetched. */
export async function readLfs(
  directory: string,
  path: string,
  { oid, size }: { oid: string; size: number },
): Promise<Buffer> {
  const folder = await gitText(directory, ["rev-parse", "--git-common-dir"]);
  const stored = resolve(directory, folder, "lfs", "objects", oid.slice(0, 2), oid.slice(2, 4), oid);
  // No pipe, no device, and no more than the pointer says.
  const content = readRegular(stored, Math.min(size, largestFile));
  if (content && sha256(content) === oid) return content;
  throw usageError(
    "project.lfs-pointer",
    `${path} is a Git LFS pointer; its content is not in this checkout`,
    {
      expected: `the object ${oid.slice(0, 12)}… in .git/lfs`,
      hint: "give actions/checkout `lfs: true`, or run git lfs pull; a file that is not needed goes under `exclude`",
    },
  );
}
