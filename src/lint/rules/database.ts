import { and, leaves, not, or, support } from "../../python/logic/decide.ts";
import type { Obj, Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { hasApp, holds, isTruthy, type Judge, setting, within } from "../judge.ts";
import { isPlaceholder } from "../placeholders.ts";
import { given } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";

export const part = (j: Judge, ...path: string[]): Value =>
  within(j, setting(j, "DATABASES"), "default", ...path);
export const engine = (j: Judge, test: (name: string) => boolean): Value =>
  holds(j, part(j, "ENGINE"), (o) => o.t === "str" && test(o.v), "is an engine");
export const sqlite = (j: Judge): Value => engine(j, (e) => e.endsWith("sqlite3"));
export const postgres = (j: Judge): Value => engine(j, (e) => /postgresql|postgis/.test(e));
const LOCAL = new Set(["", "localhost", "127.0.0.1", "::1"]);
const text = (o: Obj, test: (v: string) => boolean): boolean =>
  (o.t === "str" || o.t === "path") && test(o.v);

/** Family B: the database. */
export const databaseRules: Rule[] = [
  rule({
    id: "djdeploy.database-missing",
    level: "error",
    setting: "DATABASES",
    title: "There is no default database",
    why: "The first query fails.",
    fix: "Configure DATABASES['default'], or give DATABASE_URL a value.",
    when: (j) => {
      const sites = or(hasApp(j, "django.contrib.auth"), hasApp(j, "django.contrib.sessions"));
      return and(
        sites,
        or(
          not(isTruthy(j, "DATABASES")),
          holds(
            j,
            part(j),
            (o) => o.t === "missing" || (o.t === "dict" && o.scope.slots.size === 0 && !o.open),
            "is empty",
          ),
        ),
      );
    },
  }),
  rule({
    id: "djdeploy.database-sqlite",
    level: "info",
    setting: "DATABASES",
    title: "Production uses SQLite",
    why: "One writer at a time, and one host: fine for a small site, a limit for a growing one. A deploy keeps the file in shared/.",
    fix: "Stay with it knowingly, or use PostgreSQL.",
    when: (j) => and(sqlite(j), not(memory(j))),
  }),
  rule({
    id: "djdeploy.database-in-memory",
    level: "error",
    setting: "DATABASES",
    title: "The database lives in memory",
    why: "Everything is lost at each restart, and every worker has its own.",
    fix: "Give it a file, or use PostgreSQL.",
    when: (j) => and(sqlite(j), memory(j)),
  }),
  rule({
    id: "djdeploy.database-in-tmp",
    level: "error",
    setting: "DATABASES",
    title: "The database lies in a temporary folder",
    why: "It is lost when the folder is cleared or the service restarts.",
    fix: "Put it beside the code or in a folder that stays.",
    when: (j) =>
      and(
        sqlite(j),
        holds(
          j,
          part(j, "NAME"),
          (o) => text(o, (v) => v.startsWith("/tmp/") || v.startsWith("/var/tmp/")),
          "is temporary",
        ),
      ),
  }),
  rule({
    id: "djdeploy.database-password-literal",
    level: "error",
    setting: "DATABASES",
    title: "The database's password stands in the repository",
    why: "Everyone who can read the repository can read the database.",
    fix: "Read it from the environment.",
    when: (j) => {
      const password = part(j, "PASSWORD");
      if (given(j, password)) return FALSE;
      // The text that stands for an unset variable is a fallback for development, not what production uses.
      const known = leaves(password).every((o) => o.t !== "unknown");
      const variable = [...support(password)].some((at) => j.evaluation.variables[at]?.kind === "env");
      if (known && variable) return FALSE;
      return and(
        not(sqlite(j)),
        holds(j, password, (o) => o.t === "str" && !isPlaceholder(o.v), "is a literal"),
      );
    },
  }),
  rule({
    id: "djdeploy.database-no-tls",
    level: "warning",
    setting: "DATABASES",
    title: "A remote PostgreSQL without TLS",
    why: "Queries and passwords may cross the network in the clear.",
    fix: 'Set OPTIONS = {"sslmode": "require"} or better.',
    when: (j) => {
      const remote = holds(
        j,
        part(j, "HOST"),
        (o) => o.t === "str" && !LOCAL.has(o.v) && o.v.includes(".") && !o.v.startsWith("/"),
        "is remote",
      );
      const open = holds(
        j,
        part(j, "OPTIONS", "sslmode"),
        (o) => !(o.t === "str" && /^(require|verify-ca|verify-full)$/.test(o.v)),
        "is no TLS",
      );
      return and(and(postgres(j), remote), open);
    },
  }),
  rule({
    id: "djdeploy.database-engine-renamed",
    level: "info",
    from: [3, 0],
    setting: "DATABASES",
    title: "The database engine's old name",
    why: "Django 1.9 renamed it; the old name still works, and nothing says for how long.",
    fix: "Write django.db.backends.postgresql.",
    when: (j) => engine(j, (e) => e === "django.db.backends.postgresql_psycopg2"),
  }),
  rule({
    id: "djdeploy.database-no-health-checks",
    level: "info",
    from: [4, 1],
    setting: "DATABASES",
    title: "Kept connections are not checked",
    why: "After the database restarts, the first request on each connection fails.",
    fix: "Set CONN_HEALTH_CHECKS to True beside CONN_MAX_AGE.",
    docs: "ref/settings/#conn-health-checks",
    when: (j) =>
      and(
        holds(
          j,
          part(j, "CONN_MAX_AGE"),
          (o) => (o.t === "num" && o.v > 0) || o.t === "none",
          "keeps connections",
        ),
        holds(j, part(j, "CONN_HEALTH_CHECKS"), (o) => !(o.t === "bool" && o.v), "is off"),
      ),
  }),
];

export const memory = (j: Judge): Value =>
  holds(j, part(j, "NAME"), (o) => text(o, (v) => v.includes(":memory:")), "is in memory");
