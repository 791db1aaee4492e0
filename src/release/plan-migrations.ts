import { asDeployError, DeployError } from "../errors.ts";
import { isUnheard } from "../host/faults.ts";
import type { HostSession } from "../host/session.ts";
import type { Pending } from "../migrations/answer.ts";
import { type MigrationName, migrationNames, notApplied } from "../migrations/names.ts";
import { type Applied, pendingWithSql } from "../migrations/sql.ts";
import { compareIdentity } from "../plan/databases.ts";
import type { Project } from "../project/types.ts";
import type { PlanMigration, PlanView, RunContext } from "./types.ts";

type Known = Pick<PlanView, "migrations" | "migrationsKnown">;

/** Asks the live release's database what it has; a text says why that is not known. */
export async function askApplied(session: HostSession): Promise<Applied | string> {
  try {
    return await session.request("applied", {});
  } catch (error) {
    if (error instanceof DeployError && !isUnheard(error.code)) return error.message;
    throw error;
  }
}

/**
 * The migrations that are pending: with their SQL where the database said what it has and the project's Django loads
 * here, else by the names of their files.
 */
export async function plannedMigrations(
  context: RunContext,
  project: Project,
  paths: Iterable<string>,
  applied: Applied | string | null,
): Promise<Known> {
  const names = migrationNames(paths);
  if (applied === null)
    return {
      migrations: [],
      migrationsKnown: `the first release: all of them, ${names.length} are the project's own`,
    };
  if (typeof applied === "string")
    return { migrations: [], migrationsKnown: `not known before the upload: ${applied}` };
  const others = elsewhere(context, names, applied);
  const noDefault = applied.databases && !applied.databases["default"];
  const pending = noDefault ? [] : notApplied(names, applied.applied);
  if (pending.length === 0)
    return {
      migrations: others,
      migrationsKnown:
        others.length > 0
          ? "by name, from the live databases"
          : "none of the project's own is pending; those of a package that changes are known after the upload",
    };
  try {
    const rows = await pendingWithSql(context.config, project, applied, context.signal);
    return {
      migrations: [...rows.map(judged), ...others],
      migrationsKnown: "from the live database and this revision's own Django",
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return {
      migrations: [...pending.map(named), ...others],
      migrationsKnown: `by name, without SQL: ${asDeployError(error).message}`,
    };
  }
}

/**
 * By name, for the databases besides `default` that hold this project's migrations. What a router of the new release
 * claims anew is known after the upload.
 */
function elsewhere(
  { config }: RunContext,
  names: MigrationName[],
  { databases = {} }: Applied,
): PlanMigration[] {
  const wanted = config.database.aliases;
  const main = databases["default"]?.identity ?? null;
  return Object.entries(databases).flatMap(([alias, { applied, identity, readOnly }]) => {
    const left = wanted === "auto" ? readOnly || applied === null : !wanted.includes(alias);
    if (alias === "default" || left || compareIdentity(main, identity) === "same") return [];
    const lacking = notApplied(names, applied ?? []);
    // None of them: it is another project's.
    if (wanted === "auto" && names.length > 0 && lacking.length === names.length) return [];
    return lacking.map((one) => ({ ...named(one), database: alias }));
  });
}

/** Where no host is asked: the names that another revision's files lack. */
export function addedMigrations(paths: Iterable<string>, before: Iterable<string>): PlanMigration[] {
  const known = migrationNames(before).map(({ app, name }): [string, string] => [app, name]);
  return notApplied(migrationNames(paths), known).map(named);
}

function named({ app, name }: MigrationName): PlanMigration {
  return { database: "default", app, name, operations: [], sql: null, safe: null, why: null };
}

const takesAway = ["RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable"];
const ownCode = ["RunPython", "RunSQL", "SeparateDatabaseAndState"];

/** No verdict, only what a reader should look at. */
function judged({ app, name, operations, kinds, sql, problem }: Pending): PlanMigration {
  const has = (wanted: string[]) => kinds.some((kind) => wanted.includes(kind));
  const why = [
    has(takesAway) ? "removes or renames what the live release may still use" : "",
    has(ownCode) ? "runs code of its own" : "",
    problem === null ? "" : `no SQL: ${problem}`,
  ].filter((one) => one !== "");
  return { database: "default", app, name, operations, sql, safe: null, why: why.join("; ") || null };
}
