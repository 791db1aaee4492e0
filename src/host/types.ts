import type { Owner, Place, ServerKind, Slot } from "../services/types.ts";

/** Where a release stands. Only `live` and `superseded` were ever proven, and only they are rolled back to. */
export type ReleaseState = "building" | "ready" | "switched" | "live" | "superseded" | "failed";

export interface DatabaseFacts {
  engine: string;
  name: string;
  host: string;
  port: string;
}

/** releases/ID/.djdeploy/manifest.json. Everything but the first six fields may be missing in an unfinished one. */
export interface Manifest {
  id: string;
  state: ReleaseState;
  revision: string;
  actor: string;
  createdAt: string;
  environment: string;
  subject?: string;
  ref?: string;
  branch?: string | null;
  runUrl?: string | null;
  run?: string;
  /** Why it failed. */
  reason?: string;
  /** Digest of the list of files (src/host/upload.ts). */
  files?: string;
  /** Fingerprint of what the configuration and the project say about running it. */
  configuration?: string;
  /** Fingerprint of the environment's values. */
  values?: string;
  venv?: string;
  python?: string;
  django?: string;
  packages?: Record<string, string>;
  databases?: Record<string, DatabaseFacts>;
  migrationHeads?: string[];
  healthHost?: string;
  /** How visitors reached it (doorText); absent = `link`. */
  door?: string;
  /** What serves it; absent = gunicorn. */
  server?: ServerKind;
  previous?: string | null;
  liveAt?: number;
  /** Only in answers of the agent: whether run/web.sock names it. */
  live?: boolean;
}

/** The lock's holder as written beside it. */
export interface Holder {
  run?: string;
  actor: string;
  verb?: string;
  revision?: string | null;
  runUrl?: string | null;
  /** Seconds since 1970. */
  since?: number;
  step?: unknown;
}

export interface PythonFacts {
  path: string;
  version: string;
  /** Whether it can make virtual environments (Debian: python3-venv). */
  venv: boolean;
}

export interface SlotFacts {
  /** What its link names: what the manager would start. */
  release: string | null;
  /** What its main process works in. */
  runs: string | null;
  up: boolean;
  pid: number;
  text: string;
}

/** One of the processes besides the web server that setup wired. */
export interface ProcessFacts {
  /** The live release has such a process; one that was gone back to may not. */
  wanted: boolean;
  /** What its link names: what the manager would start. */
  release: string | null;
  /** What its main process works in. */
  runs: string | null;
  up: boolean;
  pid: number;
  text: string;
}

/** What a virtual environment says of itself, and whether its Python is still there. */
export interface VenvFacts {
  packages?: Record<string, string>;
  /** The version of the Python it was made with, and the path of that. */
  python?: string;
  interpreter?: string;
  runs?: boolean;
}

/** .djdeploy/hold.json: runs that a push started are refused. */
export interface Hold {
  /** What is held; null = nothing serves. */
  release: string | null;
  actor: string;
  /** Seconds since 1970. */
  at: number;
  reason: string;
  runUrl: string | null;
}

/** In MiB, each process with its part of what several share. The smallest worker first. */
export interface ServingMemory {
  mainMb: number;
  workersMb: number[];
}

/** What a host is and holds (djd_facts.py). */
export interface HostFacts {
  user: string;
  hostname: string;
  bootId: string;
  time: number;
  os: { id: string; version: string; name: string };
  machine: string;
  cores: number;
  /** What the kernel can give to new processes (MemAvailable). */
  memoryMb: number;
  swapMb?: number;
  /** What the live slot takes of the memory; null or absent where nothing serves. */
  serving?: ServingMemory | null;
  diskFreeMb: number;
  inodesFree: number;
  pythons: PythonFacts[];
  exists: boolean;
  writable: boolean;
  owner: Owner | null;
  /** Whether the user's own services go on when nobody is logged in; absent in answers of older agents. */
  lingers?: boolean;
  live: { slot: Slot; release: string | null } | null;
  /** What run/web.sock names, as it stands there; "" = it is no link, null = it is not there. */
  web: string | null;
  current: string | null;
  slots: Partial<Record<Place, SlotFacts>>;
  /** Absent in answers of a host without any. */
  processes?: Record<string, ProcessFacts>;
  /** Service processes that no slot and no process of the manager holds. */
  strays: Running[];
  releases: Manifest[];
  lock: Holder | null;
  /** Ready virtual environments by key. */
  venvs: Record<string, VenvFacts>;
  /** Names of stored secrets. */
  stored: string[];
  hold?: Hold | null;
  backups: number;
  tools: Record<string, string | null>;
  /** Deflated list of the live release's files, base64; only when asked for. */
  base?: string;
}

/** One HTTP request as the probe sends it. Times in seconds. */
export interface ProbeRequest {
  path: string;
  host: string;
  scheme: "http" | "https";
  status: "auto" | number[];
  contains: string | null;
  timeout: number;
  /** Status of the live release, so that a page that was there is not lost. */
  live?: number | null;
  /** Send X-Forwarded-Proto through the front door too: a balancer before it ends TLS. */
  forwarded?: boolean;
}

export interface FrontDoor {
  address: string;
  port: number;
  tls: boolean;
}

export interface Seen {
  status: number | null;
  location: string | null;
  release: string | null;
  pid: number | null;
  body: string;
  error: string | null;
  /** It did not answer in time. */
  timeout: boolean;
  /** The exception that Django turned into this answer, and where in the release it was raised. */
  exception: string | null;
  ms: number;
  /** Whether it is what was expected; only where something was. */
  ok?: boolean;
}

export interface ProbeAnswer {
  ok: boolean;
  problem: string | null;
  seen: Seen | null;
  pids: number[];
  timedOut?: boolean;
  log?: string;
}

export interface StepAnswer {
  code: number | null;
  signal: string | null;
  ms: number;
  timedOut?: boolean;
  /** A step that failed: the folder in which nothing more can be written, where there is one. */
  full?: string | null;
}

/** What the release's own Django said (djd_inspect.py). */
export interface Inspection {
  python: string;
  django?: string;
  failure: {
    stage: "settings" | "apps" | "checks" | "database";
    type: string;
    message: string;
    where: string | null;
  } | null;
  notes: string[];
  settings?: {
    debug: boolean;
    allowedHosts: string[];
    staticUrl: string | null;
    mediaUrl: string | null;
    mediaRoot: string | null;
    staticfiles: boolean;
    /** Templates look the names of files up in what collectstatic wrote. */
    manifest?: boolean;
    databases: Record<string, DatabaseFacts>;
  };
  static?: { path: string; overridden: boolean; was: string | null };
  sqlite?: string[];
  checks?: { id: string; level: number; message: string; hint: string | null; object: string | null }[];
  migrations?: {
    conflicts: Record<string, string[]>;
    pending: { app: string; name: string; operations: string[] }[];
    heads: string[];
    /** Applied in the database, not in the release's code. */
    unknown: string[];
  };
}

/** The front door's answer, and which processes run behind it. The proof means little when the answer is bad. */
export interface Serving {
  answer: ProbeAnswer;
  proof: Proof;
}

export interface Proof {
  ok: boolean;
  problem: string | null;
  main: number;
  workers: number[];
  survivors: Running[];
}

/** A process of a service, and the release that it works in. */
export interface Running {
  pid: number;
  release: string;
}
