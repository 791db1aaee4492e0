import { asDeployError, DeployError } from "../errors.ts";
import { isUnheard } from "../host/faults.ts";
import type { HostSession } from "../host/session.ts";
import type { Pending } from "../migrations/answer.ts";
import { type MigrationName, migrationNames, notApplied } from "../migrations/names.ts";
import { type Applied, pendingWithSql } from "../migrations/sql.ts";
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
  const pending = notApplied(names, applied.applied);
  if (pending.length === 0)
    return {
      migrations: [],
      migrationsKnown:
        "none of the project's own is pending; those of a package that changes are known after the upload",
    };
  try {
    const rows = await pendingWithSql(context.config, project, applied, context.signal);
    return {
      migrations: rows.map(judged),
      migrationsKnown: "from the live database and this revision's own Django",
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return {
      migrations: pending.map(named),
      migrationsKnown: `by name, without SQL: ${asDeployError(error).message}`,
    };
  }
}

/** Where no host is asked: the names that another revision's files lack. */
export function addedMigrations(paths: Iterable<string>, before: Iterable<string>): PlanMigration[] {
  const known = migrationNames(before).map(({ app, name }): [string, string] => [app, name]);
  return notApplied(migrationNames(paths), known).map(named);
}

function named({ app, name }: MigrationName): PlanMigration {
  return { app, name, operations: [], sql: null, safe: null, why: null };
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
  return { app, name, operations, sql, safe: null, why: why.join("; ") || null };
}
