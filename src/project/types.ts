import type { ServerKind } from "../services/types.ts";

/** A value with the evidence it rests on: `detected from manage.py:9`. */
export interface Detected<T> {
  value: T;
  evidence: string;
}

export type Installer = "pip" | "uv" | "pipenv" | "poetry" | "pdm";

/** The commit that is deployed, resolved once. */
export interface Revision {
  /** Full SHA. */
  sha: string;
  /** What the user asked for (`HEAD`, a branch, a tag). */
  ref: string;
  branch: string | null;
  /** First line of the commit's message. */
  subject: string;
  committedAt: string;
  shallow: boolean;
  /** Tracked files that differ from the commit; they are not deployed. */
  dirty: string[];
}

/** What the repository is, read at the revision (never from the working tree). */
export interface Project {
  /** Top of the git work tree, absolute. */
  directory: string;
  /** Folder with manage.py, relative to `directory` ("." or "backend"). */
  root: Detected<string>;
  settings: Detected<string>;
  /** `tute.wsgi:application`. */
  application: Detected<string>;
  interface: "wsgi" | "asgi";
  server: Detected<ServerKind>;
  installer: Detected<Installer>;
  /** Requirement and lock files with everything they include, relative to `directory`, in order. */
  requirements: string[];
  /** Those of `requirements` that are given to pip with -r; the others are included by them. Empty with a lock file. */
  requirementArguments: string[];
  /** Only where nothing but pyproject.toml says what is needed: its requirements, to be installed without the project. */
  declared: string[] | null;
  /** A PEP 440 specifier such as ">=3.12". */
  python: Detected<string>;
  /** Lower-case names of the declared packages that matter here: what the requirements name, with a version if pinned. */
  packages: Record<string, string | null>;
  /** True when every pinned requirement carries hashes. */
  hashed: boolean;
  revision: Revision;
  /** Normalised address of `origin` (`github.com/org/repo`), null without a remote. */
  repository: string | null;
}

/** One file as it will stand on the host. */
export interface ShippedFile {
  /** Relative to the release folder, with forward slashes. */
  path: string;
  type: "file" | "symlink";
  /** Only files: 0o644 or 0o755. */
  executable: boolean;
  /** Of the content; for a symlink, of its target. */
  sha256: string;
  size: number;
  /** Only symlinks. */
  target?: string;
  /** Where the content comes from; read late, so that only what is sent is read. */
  read(): Promise<Buffer>;
}

/** Everything that is sent, and what was done to it on the way. */
export interface Shipment {
  files: ShippedFile[];
  /** Scripts whose Windows line endings were normalised. */
  normalised: string[];
  notes: string[];
}
