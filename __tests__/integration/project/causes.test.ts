import { execFileSync } from "node:child_process";
import { beforeAll, expect, it } from "vitest";
import { causeHint } from "../../../src/release/causes/index.ts";
import { knownExceptions } from "../../../src/release/causes/known.ts";
import { libraryPython } from "../../support/django-venv.ts";

// What is told of an exception, against what the real libraries raise.
let raised: Record<string, string>;
beforeAll(() => {
  const program = new URL("raised.py", import.meta.url).pathname;
  const { DATABASE_URL: _, ...env } = process.env;
  raised = JSON.parse(execFileSync(libraryPython(), [program], { encoding: "utf8", env }));
}, 180_000);

const variable = "the variable DATABASE_URL is not set: add it to env.secrets";
const nobody = "nobody listens there";
const noName = "the name of the database's host is not known";
const git = "a release has no .git folder";

const told: Record<string, string> = {
  apps_not_ready: "models are imported before Django is ready",
  variable,
  environ_variable: variable,
  decouple_variable: variable,
  environs_variable: variable,
  secret_key: "SECRET_KEY is empty in this environment",
  no_engine: "DATABASES has no ENGINE in this environment",
  no_psycopg: "add psycopg[binary]",
  no_mysqldb: "add mysqlclient",
  no_module: "add the package of stripe_of_nobody to the requirements",
  git_rev_parse: git,
  git_rev_parse_shell: git,
  git_missing: git,
  git_python: git,
  log_folder: "shared: [logs/]",
  read_only: "shared: [cache/]",
  inconsistent: "migrate --fake contenttypes 0001_initial",
  node_missing: "needs the migration shop.0001_initial, which is not in the release",
  postgres_refused: nobody,
  postgres_unknown_host: noName,
  mysql_refused: nobody,
  mysql_unknown_host: noName,
  redis_refused: "Redis does not answer at 127.0.0.1:9",
  sqlite_no_folder: "the folder of the SQLite file does not exist",
  sqlite_read_only: "the SQLite file may not be written",
  sqlite_locked: "SQLite was busy for longer than its timeout",
  manifest_entry: "a template names shop/none.css",
  css_names_nothing: "a stylesheet or template names a file that does not exist, none.png",
};

it.each(Object.entries(told))("%s", (name, words) => {
  expect(causeHint(raised[name]!) ?? raised[name]).toContain(words);
});

it("tells nothing where it does not know", () => {
  const unknown = Object.keys(raised).filter((name) => !(name in told));
  expect(unknown.filter((name) => name.startsWith("unknown_"))).toHaveLength(6);
  expect(unknown.map((name) => [name, causeHint(raised[name]!)])).toEqual(
    unknown.map((name) => [name, undefined]),
  );
});

it("has no row that nothing here raises", () => {
  const texts = Object.values(raised).join("\n");
  const idle = knownExceptions.filter(({ classes }) => !classes.some((name) => texts.includes(name)));
  expect(idle).toEqual([]);
});
