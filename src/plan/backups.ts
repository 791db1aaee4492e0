import type { DatabaseFacts, DatabaseIdentity } from "../host/types.ts";

/** A database that no backup is made of, and how to make one by hand. */
export interface NotBackedUp {
  alias: string;
  text: string;
}

/** What is known of one: as the settings have it, and as its connection says it. */
export interface Backable {
  facts: Pick<DatabaseFacts, "engine"> & Partial<DatabaseFacts>;
  identity?: DatabaseIdentity | null;
}

const engines: { pattern: RegExp; name: string; command(of: Backable): string }[] = [
  {
    pattern: /postg(res|is)|psycopg|pgbouncer|timescale/i,
    name: "PostgreSQL",
    command: (one) =>
      `pg_dump --format=custom --file=${nameOf(one)}.dump${options(one, "--username")} ${nameOf(one)}`,
  },
  {
    pattern: /mysql|maria/i,
    name: "MySQL",
    command: (one) =>
      `mysqldump --single-transaction --routines${options(one, "--user")} ${nameOf(one)} > ${nameOf(one)}.sql`,
  },
];

/** The engines whose backup is not built yet, for README and messages. */
export const notBackedUpYet = engines.map(({ name }) => name);

/** Those of the migrated databases that `backup` passes over: everything but SQLite's files. */
export function notBackedUp(databases: Record<string, Backable>): NotBackedUp[] {
  return Object.entries(databases).flatMap(([alias, one]) => {
    if (/sqlite3$/.test(one.facts.engine) || one.facts.engine === "" || /dummy$/.test(one.facts.engine))
      return [];
    const known = engines.find(({ pattern }) =>
      pattern.test(`${one.facts.engine} ${one.identity?.kind ?? ""}`),
    );
    const name = known?.name ?? one.facts.engine.split(".").at(-1) ?? "?";
    const how = known ? known.command(one) : "with its own tools";
    return [
      {
        alias,
        text: `database ${alias} is not backed up: backups of ${name} are not yet supported. By hand, before this: ${how}; \`database: {backup: never}\` says that you see to it`,
      },
    ];
  });
}

function nameOf({ facts, identity }: Backable): string {
  return word(facts.name || identity?.database || "NAME");
}

function options({ facts, identity }: Backable, user: string): string {
  return [
    facts.host ? ` ${hostOption(facts.host, user)}=${word(facts.host)}` : "",
    facts.port ? ` --port=${word(facts.port)}` : "",
    identity?.user ? ` ${user}=${word(identity.user)}` : "",
  ].join("");
}

/** Django takes a path in HOST for a socket: libpq as well, and MySQL's tools by another name. */
function hostOption(host: string, user: string): string {
  return host.startsWith("/") && user === "--user" ? "--socket" : "--host";
}

/** One word of a shell's command. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
