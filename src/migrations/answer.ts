import { z } from "zod";
import { DeployError, ExitCode } from "../errors.ts";
import { readOwn } from "../files/read.ts";
import { once } from "../host/protocol/shape.ts";
import type { MigrationName } from "./names.ts";

/** A migration that the database lacks, as Django itself reads it. */
export interface Pending extends MigrationName {
  /** What it does, in Django's words, and the names of the operations' classes. */
  operations: string[];
  kinds: string[];
  /** null where it can not be told without the database; `problem` says why. */
  sql: string | null;
  problem: string | null;
}

/** plan_migrations.py cuts the SQL of each migration at 20 000 characters. */
const mostBytes = 8 << 20;
const mostMigrations = 2_000;

const answer = once(() => {
  const text = z.string().max(40_000);
  const texts = z.array(text).max(2_000);
  const pending = z.object({
    app: z.string().min(1).max(255),
    name: z.string().min(1).max(255),
    operations: texts,
    kinds: texts,
    sql: text.nullable(),
    problem: text.nullable(),
  });
  return z.object({ pending: z.array(pending).max(mostMigrations) });
});

/**
 * What plan_migrations.py left at `path`. The project's code ran in its process, so anything may stand there: what is no
 * file of that shape is one error (`plan.sql-answer`, exit code 1) that repeats nothing of it.
 */
export function readPending(path: string): Pending[] {
  const bytes = readOwn(path, mostBytes);
  const checked = answer().safeParse(bytes === null ? undefined : parsed(bytes));
  if (checked.success) return checked.data.pending;
  throw new DeployError(
    "plan.sql-answer",
    ExitCode.failed,
    "the project's Django gave no answer of its migrations",
    {
      expected: "the list that plan_migrations.py writes",
      seen: bytes === null ? "no file, or one that is too large" : "something else",
      hint: "look at what manage.py and the settings do when they are loaded",
    },
  );
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
