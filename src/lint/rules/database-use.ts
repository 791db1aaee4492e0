import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE, holds, isTruthy, type Judge } from "../judge.ts";
import { isMissing, textHolds } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { engine, memory, part, postgres, sqlite } from "./database.ts";

const STRICT = /STRICT_(TRANS|ALL)_TABLES|TRADITIONAL/i;
const keepsConnections = (j: Judge): Value =>
  holds(j, part(j, "CONN_MAX_AGE"), (o) => (o.t === "num" && o.v > 0) || o.t === "none", "keeps connections");
const pooled = (j: Judge): Value =>
  holds(
    j,
    part(j, "OPTIONS", "pool"),
    (o) => (o.t === "bool" && o.v) || (o.t === "dict" && o.scope.slots.size > 0),
    "is a pool",
  );

/** Family B, how the database is used. */
export const databaseUseRules: Rule[] = [
  rule({
    id: "djdeploy.database-relative",
    level: "warning",
    setting: "DATABASES",
    title: "The database's path is relative",
    why: "Which file it is depends on the folder that a command was started from: an empty one is made where there is none.",
    fix: 'Make it absolute: "NAME": BASE_DIR / "db.sqlite3".',
    when: (j) =>
      and(
        and(sqlite(j), not(memory(j))),
        textHolds(
          j,
          part(j, "NAME"),
          (v) => v !== "" && !v.startsWith("/") && !v.startsWith("file:"),
          "is relative",
        ),
      ),
  }),
  rule({
    id: "djdeploy.database-sqlite-locking",
    level: "info",
    from: [5, 1],
    setting: "DATABASES",
    title: "SQLite takes its write lock late",
    why: 'Two workers that read and then write in one transaction fail with "database is locked".',
    fix: 'Add "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL;"}.',
    docs: "ref/databases/#sqlite-notes",
    when: (j) => {
      const mode = part(j, "OPTIONS", "transaction_mode");
      const immediate = textHolds(j, mode, (v) => /^(IMMEDIATE|EXCLUSIVE)$/i.test(v), "is immediate");
      return and(and(sqlite(j), not(memory(j))), not(immediate));
    },
  }),
  rule({
    id: "djdeploy.database-pool-and-age",
    level: "error",
    from: [5, 1],
    setting: "DATABASES",
    title: "A connection pool together with CONN_MAX_AGE",
    why: "Django refuses it at the first query: a pool does not support persistent connections.",
    fix: "Set CONN_MAX_AGE to 0, or remove the pool.",
    docs: "ref/databases/#connection-pool",
    when: (j) => and(and(postgres(j), pooled(j)), keepsConnections(j)),
  }),
  rule({
    id: "djdeploy.database-pgbouncer-cursors",
    level: "warning",
    setting: "DATABASES",
    title: "Server-side cursors through PgBouncer",
    why: "In transaction pooling a cursor's next rows may be asked of another connection: queryset.iterator() fails.",
    fix: 'Set "DISABLE_SERVER_SIDE_CURSORS": True, or pool by session.',
    docs: "ref/databases/#transaction-pooling-and-server-side-cursors",
    when: (j) => {
      const port = holds(
        j,
        part(j, "PORT"),
        (o) => (o.t === "num" && o.v === 6432) || (o.t === "str" && o.v === "6432"),
        "is PgBouncer's",
      );
      const named = textHolds(j, part(j, "HOST"), (h) => /pgbouncer/i.test(h), "is PgBouncer");
      const off = holds(j, part(j, "DISABLE_SERVER_SIDE_CURSORS"), (o) => o.t === "bool" && o.v, "is off");
      return and(and(postgres(j), or(port, named)), not(off));
    },
  }),
  rule({
    id: "mysql.W002",
    level: "warning",
    setting: "DATABASES",
    title: "MySQL is told not to be strict",
    why: "Texts that are too long are cut and numbers that do not fit are bent, without an error.",
    fix: 'Add STRICT_TRANS_TABLES to "sql_mode".',
    docs: "ref/databases/#mysql-sql-mode",
    when: (j) => {
      const mode = textHolds(j, part(j, "OPTIONS", "sql_mode"), (v) => !STRICT.test(v), "is not strict");
      const command = textHolds(
        j,
        part(j, "OPTIONS", "init_command"),
        (v) => /sql_mode\s*=/i.test(v) && !STRICT.test(v) && !/@@/.test(v),
        "is not strict",
      );
      return and(
        engine(j, (e) => /\.mysql$/.test(e)),
        or(mode, and(isMissing(j, part(j, "OPTIONS", "sql_mode")), command)),
      );
    },
  }),
  rule({
    id: "djdeploy.use-tz-unset",
    level: "info",
    to: [5, 0],
    setting: "USE_TZ",
    title: "USE_TZ is not set",
    why: "Django 5 changes the default to True: after the upgrade times are read and written otherwise.",
    fix: "Set USE_TZ to what you have now (False), or move to True on purpose.",
    when: (j) =>
      j.evaluation.settings.has("USE_TZ") || j.evaluation.open ? FALSE : not(isTruthy(j, "USE_TZ")),
  }),
];
