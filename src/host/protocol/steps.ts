import { z } from "zod";
import { liveDatabases } from "./facts.ts";
import { databaseFacts, openedDatabase } from "./releases.ts";
import { list, moment, named, nothing, once, operation } from "./shape.ts";

/** A program of the project's: how long it may take is the project's own affair, but it ends. */
const day = 24 * 3600;

const maybe = () => z.string().nullable();

export const stepAnswer = once(() =>
  z.object({
    code: z.number().nullable(),
    signal: maybe(),
    ms: z.number(),
    timedOut: z.boolean().exactOptional(),
    /** A step that failed: the folder in which nothing more can be written, where there is one. */
    full: maybe().exactOptional(),
  }),
);

/** What the release's own Django said (djd_inspect.py). */
export const inspection = once(() =>
  z.object({
    python: z.string(),
    django: z.string().exactOptional(),
    failure: z
      .object({
        stage: z.enum(["settings", "apps", "checks", "database"]),
        type: z.string(),
        message: z.string(),
        where: maybe(),
      })
      .nullable(),
    notes: list(z.string()),
    settings: z
      .object({
        debug: z.boolean(),
        allowedHosts: list(z.string()),
        staticUrl: maybe(),
        mediaUrl: maybe(),
        mediaRoot: maybe(),
        /** MEDIA_ROOT is the release's folder, that of manage.py or a package: what visitors upload would lie among the code. */
        mediaIsCode: z.boolean().exactOptional(),
        /** FORCE_SCRIPT_NAME. */
        scriptName: maybe().exactOptional(),
        staticfiles: z.boolean(),
        /** Templates look the names of files up in what collectstatic wrote. */
        manifest: z.boolean().exactOptional(),
        databases: named(databaseFacts()),
      })
      .exactOptional(),
    static: z.object({ path: z.string(), overridden: z.boolean(), was: maybe() }).exactOptional(),
    sqlite: list(z.string()).exactOptional(),
    checks: list(
      z.object({
        id: z.string(),
        level: z.number(),
        message: z.string(),
        hint: maybe(),
        object: maybe(),
      }),
    ).exactOptional(),
    migrations: z
      .object({
        conflicts: named(list(z.string())),
        pending: list(
          z.object({
            /** The database; absent in answers of older releases, which know `default` alone. */
            alias: z.string().exactOptional(),
            app: z.string(),
            name: z.string(),
            operations: list(z.string()),
          }),
        ),
        heads: list(z.string()),
        /** Applied in the database, not in the release's code. */
        unknown: list(z.string()),
        /** Databases that are left alone, each with why. */
        left: named(z.string()).exactOptional(),
      })
      .exactOptional(),
    /** Every database that DATABASES names, by alias. */
    opened: named(openedDatabase()).exactOptional(),
    models: z
      .object({
        /** What the models differ in from the project's migrations, in Django's words. */
        changes: list(
          z.object({
            app: z.string(),
            model: z.string(),
            does: z.string(),
            /** The application is of the repository. */
            own: z.boolean(),
            /** It would change the database. */
            schema: z.boolean(),
          }),
        ),
        /** What the database lacks; no columns: the whole table. */
        missing: list(
          z.object({
            alias: z.string(),
            app: z.string(),
            model: z.string(),
            table: z.string(),
            columns: list(z.string()),
            /** The application has migrations. */
            migrated: z.boolean(),
            /** A router sends it to a database that is left alone. */
            astray: z.boolean().exactOptional(),
            /** The table of the same name under the label of an application that is gone. */
            was: z.string().exactOptional(),
          }),
        ),
      })
      .exactOptional(),
  }),
);

const stepArgs = () => ({
  run: z.string(),
  step: z.string(),
  script: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: maybe(),
  /** The step's own processes hold the lock too. */
  keepLock: z.boolean(),
  givesWay: z.boolean(),
  /** As the user that the application runs as. */
  asUser: z.boolean(),
  /** The part of its log before this many bytes was told already. */
  from: z.number(),
});

export const stepOperations = {
  step: operation({
    does: "run a step",
    args: () => z.object(stepArgs()),
    answer: stepAnswer,
    log: () => z.string(),
    limit: () => day,
  }),
  inspect: operation({
    does: "let the release's Django answer",
    args: () =>
      z.object({
        ...stepArgs(),
        release: z.string(),
        patience: z.number(),
        /** The live release is asked for its databases meanwhile. */
        live: z.boolean(),
      }),
    answer: () =>
      z.object({
        answer: inspection().nullable(),
        ended: stepAnswer().nullable(),
        offset: z.number(),
        live: liveDatabases().exactOptional(),
        /** Why the live release did not answer. */
        liveUnknown: z.string().exactOptional(),
      }),
    log: () => z.string(),
    limit: ({ patience }) => patience + 120,
  }),
  "end-step": operation({
    does: "end a step",
    args: () => z.object({ run: z.string(), step: z.string() }),
    answer: nothing,
    limit: moment,
  }),
};
