import { Header } from "tar/header";
import { Pax } from "tar/pax";
import { usageError } from "../../errors.ts";
import { belowAnother, isPlainPath } from "../../files/plain-path.ts";
import { shortened } from "../../report/visible.ts";

/** A file or a link of an archive, and where its content lies. */
export interface TarEntry {
  /** Relative, with forward slashes, without `.` and `..`. */
  path: string;
  type: "file" | "symlink";
  executable: boolean;
  size: number;
  /** Of the content's first byte; only files. */
  offset: number;
  /** Only links. */
  target?: string;
}

export interface TarContent {
  entries: TarEntry[];
  /** The commit that `git archive` and `djdeploy build` write as the archive's comment; null in others. */
  commit: string | null;
}

const block = 512;
const mostEntries = 100_000;
/** Of an extended header: a path, a link's target and some times. */
const longestHeader = 64 * 1024;

/**
 * What a tar holds (POSIX.1-2001 pax and GNU's long names), without taking anything out of it. Only files, folders and
 * symbolic links; a device, a hard link, a path that leads out, a name that is there twice or a file below another one
 * is a DeployError `artifact.content` (exit code 2). `read` answers bytes of the archive, which is `size` long.
 */
export async function readTar(
  read: (at: number, length: number) => Promise<Buffer>,
  size: number,
): Promise<TarContent> {
  const found = new Map<string, TarEntry>();
  let commit: string | null = null;
  let next: { path?: string; linkpath?: string; size?: number } = {};
  for (let at = 0; at + block <= size; ) {
    const bytes = await read(at, block);
    // A block of zeroes ends an archive.
    if (bytes.every((byte) => byte === 0)) break;
    const header = headerOf(bytes, next);
    if (!header?.cksumValid) throw refused(`at byte ${at}`, "is no header of a tar", gzipHint(bytes, at));
    const { path: own = "", size: length = 0, type, mode = 0 } = header;
    const offset = at + block;
    if (offset + length > size) throw refused(shown(own), "is cut off");
    at = offset + Math.ceil(length / block) * block;
    const extended = extensions[type];
    if (extended) {
      if (length > longestHeader) throw refused(shown(own), "has a header that is too long");
      const text = (await read(offset, length)).toString("utf8");
      if (extended === "global") commit = Pax.parse(text).comment ?? commit;
      else if (extended === "pax") next = { ...next, ...Pax.parse(text) };
      else next = { ...next, [extended]: text.replace(/\0.*$/s, "") };
      next = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
      continue;
    }
    const path = next.path ?? own;
    const target = next.linkpath ?? header.linkpath ?? "";
    next = {};
    if (type === "Directory") continue;
    if (type !== "File" && type !== "OldFile" && type !== "SymbolicLink")
      throw refused(shown(path), `is neither a file, a folder nor a symbolic link, but ${kind(type)}`);
    const clean = inside(path);
    if (found.has(clean)) throw refused(shown(path), "is there twice");
    if (found.size >= mostEntries) throw refused("the archive", `holds more than ${mostEntries} files`);
    const link = type === "SymbolicLink";
    if (link && (target === "" || unprintable.test(target)))
      throw refused(shown(path), "is a link with an unusable target");
    found.set(clean, {
      path: clean,
      type: link ? "symlink" : "file",
      executable: !link && (mode & 0o111) !== 0,
      size: link ? Buffer.byteLength(target) : length,
      offset,
      ...(link ? { target } : {}),
    });
  }
  const below = belowAnother(new Set(found.keys()));
  if (below) throw refused(shown(below.path), `lies below ${shown(below.above)}, which is no folder`);
  return { entries: [...found.values()], commit };
}

/** null: bytes that are no header at all, on which the library throws. */
function headerOf(bytes: Buffer, extended: object): Header | null {
  try {
    return new Header(bytes, 0, extended);
  } catch {
    return null;
  }
}

const extensions: Record<string, "pax" | "global" | "path" | "linkpath"> = {
  ExtendedHeader: "pax",
  OldExtendedHeader: "pax",
  GlobalExtendedHeader: "global",
  NextFileHasLongPath: "path",
  OldGnuLongPath: "path",
  NextFileHasLongLinkpath: "linkpath",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\x00-\x1f\x7f\ufffd]/;

/** The path without `./`; refused where it leads out of the archive's folder or cannot be carried on safely. */
function inside(path: string): string {
  const plain = path.replace(/^(?:\.\/+)+/, "");
  if (!isPlainPath(plain) || path.includes("\\"))
    throw refused(shown(path), "leads out of the release, or is no plain path");
  if (unprintable.test(path)) throw refused(shown(path), "holds a control character or is not UTF-8");
  if (path.length > 4096) throw refused(shown(path), "is longer than a path may be");
  return plain;
}

function kind(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** A name of the archive's as it may stand in a message. */
function shown(path: string): string {
  return JSON.stringify(shortened(path, 200));
}

function gzipHint(bytes: Buffer, at: number): string | undefined {
  return at === 0 && bytes[0] === 0x1f && bytes[1] === 0x8b
    ? "it is compressed by gzip; give the tar as it is"
    : undefined;
}

function refused(what: string, why: string, hint?: string) {
  return usageError("artifact.content", `build.artifact: ${what} ${why}`, {
    hint: hint ?? "djdeploy build makes an archive that is taken",
  });
}
