/**
 * The files that are judged, wherever they come from: a git revision, a folder, a test. Paths are relative to the
 * top of the repository, with forward slashes and no leading "./".
 */
export interface SourceTree {
  /** Every file's path. */
  list(): string[];
  /** The text of one file, null when there is none. */
  read(path: string): string | null;
  /** The bytes of one file that is no text, null where there is none; absent where only texts are known. */
  bytes?(path: string): Uint8Array | null;
}

/** A tree from a plain record of path → text. */
export function recordTree(files: Record<string, string>): SourceTree {
  return {
    list: () => Object.keys(files),
    read: (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null),
  };
}
