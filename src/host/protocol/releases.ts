import { z } from "zod";
import type { ServerKind } from "../../services/types.ts";
import { list, moment, named, noArgs, nothing, once, operation } from "./shape.ts";

const states = ["building", "ready", "switched", "live", "superseded", "failed"] as const;

/** Application servers by the names of their packages. */
const serverKinds = ["gunicorn", "uvicorn", "hypercorn", "daphne", "uwsgi", "waitress", "granian"] as const;
const serverKind = (): z.ZodType<ServerKind> => z.enum(serverKinds);

export const databaseFacts = once(() =>
  z.object({ engine: z.string(), name: z.string(), host: z.string(), port: z.string() }),
);

/** What a connection says of the database that it opened (djd_databases.py); the kind decides what else is there. */
const identity = () =>
  z.object({
    kind: z.enum(["file", "memory", "postgresql", "mysql"]),
    /** The file, links followed; its device and inode where it is there. */
    file: z.string().exactOptional(),
    id: z.string().exactOptional(),
    /** The server's own number, and its address and port; null where it tells neither. */
    system: z.string().nullable().exactOptional(),
    server: z.string().nullable().exactOptional(),
    database: z.string().nullable().exactOptional(),
    schema: z.string().nullable().exactOptional(),
    user: z.string().nullable().exactOptional(),
  });

/** A database as one release opens it. */
export const openedDatabase = once(() =>
  z.object({
    engine: z.string(),
    identity: identity().nullable(),
    /** Why it could not be told, or not be looked into. */
    unknown: z.string().nullable(),
    readOnly: z.boolean(),
    tables: list(z.string()),
    /** Application and name of each; null where no table of migrations is there. */
    applied: list(z.tuple([z.string(), z.string()])).nullable(),
  }),
);

/**
 * releases/ID/.djdeploy/manifest.json. Everything but the first six fields may be missing in an unfinished one; where the
 * file is gone, the agent makes one of the folder's name.
 */
export const manifest = once(() =>
  z.object({
    id: z.string(),
    state: z.enum(states).default("failed"),
    revision: z.string().default(""),
    actor: z.string().default(""),
    createdAt: z.string().default(""),
    environment: z.string().default(""),
    subject: z.string().exactOptional(),
    ref: z.string().exactOptional(),
    branch: z.string().nullable().exactOptional(),
    runUrl: z.string().nullable().exactOptional(),
    run: z.string().exactOptional(),
    /** Why it failed. */
    reason: z.string().exactOptional(),
    /** Digest of the list of files (src/host/upload.ts). */
    files: z.string().exactOptional(),
    /** Fingerprint of what the configuration and the project say about running it. */
    configuration: z.string().exactOptional(),
    /** Fingerprint of the environment's values. */
    values: z.string().exactOptional(),
    venv: z.string().exactOptional(),
    python: z.string().exactOptional(),
    django: z.string().exactOptional(),
    packages: named(z.string()).exactOptional(),
    databases: named(databaseFacts()).exactOptional(),
    migrationHeads: list(z.string()).exactOptional(),
    healthHost: z.string().exactOptional(),
    /** How it was asked and what was a good answer, besides the name: what it is proven by when it serves again. */
    probe: z
      .object({
        path: z.string(),
        scheme: z.enum(["http", "https"]),
        status: z.union([z.literal("auto"), list(z.number())]),
        contains: z.string().nullable(),
      })
      .exactOptional(),
    /** How visitors reached it (doorText); absent = `link`. */
    door: z.string().exactOptional(),
    /** What serves it; absent = gunicorn. */
    server: serverKind().exactOptional(),
    previous: z.string().nullable().exactOptional(),
    liveAt: z.number().exactOptional(),
    /** Only in answers of the agent: whether run/web.sock names it. */
    live: z.boolean().exactOptional(),
  }),
);

/** An audit line as far as it is shown; older versions wrote less. */
const attempt = () =>
  z.object({
    event: z.string().exactOptional(),
    release: z.string().nullable().exactOptional(),
    revision: z.string().nullable().exactOptional(),
    actor: z.string().exactOptional(),
    at: z.number().exactOptional(),
    result: z.string().exactOptional(),
    error: z.object({ message: z.string().exactOptional() }).nullable().exactOptional(),
  });

const record = () => z.record(z.string(), z.unknown());

export const releaseOperations = {
  update: operation({
    does: "write down what is known of a release",
    args: () => z.object({ release: z.string(), changes: record() }),
    answer: nothing,
    limit: moment,
  }),
  launch: operation({
    does: "write down how a release is launched",
    args: () => z.object({ release: z.string(), spec: record() }),
    answer: nothing,
    limit: moment,
  }),
  finish: operation({
    does: "write down that the release is live",
    args: () =>
      z.object({
        run: z.string(),
        release: z.string().nullable(),
        previous: z.string().nullable(),
        by: z.string(),
      }),
    answer: nothing,
    limit: moment,
  }),
  clean: operation({
    does: "delete what nobody needs any more",
    args: () =>
      z.object({
        keep: z.number(),
        /** A release that is still the way back. */
        back: z.string().nullable().exactOptional(),
      }),
    answer: () => z.object({ releases: list(z.string()) }),
    limit: () => 3600,
  }),
  "give-up": operation({
    does: "take away what a failed run left on a full disk",
    args: () => z.object({ release: z.string() }),
    answer: nothing,
    limit: () => 1800,
  }),
  audit: operation({
    does: "write the audit line",
    args: () => z.object({ line: record() }),
    answer: nothing,
    limit: moment,
  }),
  attempts: operation({
    does: "read the audit lines",
    args: noArgs,
    answer: () => list(attempt()),
    limit: moment,
  }),
  hold: operation({
    does: "write down whether deploys are held",
    args: () => z.object({ hold: record().nullable(), by: z.string() }),
    answer: nothing,
    limit: moment,
  }),
};
