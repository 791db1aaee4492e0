import { describe, expect, test } from "vitest";
import { notBackedUp } from "../../../src/plan/backups.ts";
import { withMigrations } from "../../../src/plan/server.ts";
import { guaranteeOf } from "../../../src/services/guarantee.ts";

const facts = (engine: string, more = {}) => ({
  facts: { engine, name: "shop", host: "", port: "", ...more },
});
const said = (engine: string, more = {}) => notBackedUp({ default: facts(engine, more) })[0]?.text ?? null;

describe("a database that is not backed up is told with the command", () => {
  test.each([
    ["django.db.backends.postgresql", "PostgreSQL", "pg_dump --format=custom --file=shop.dump shop;"],
    ["django.contrib.gis.db.backends.postgis", "PostgreSQL", "pg_dump"],
    ["django_prometheus.db.backends.postgresql", "PostgreSQL", "pg_dump"],
    ["django.db.backends.mysql", "MySQL", "mysqldump --single-transaction --routines shop > shop.sql;"],
    ["mysql.connector.django", "MySQL", "mysqldump"],
    ["django.db.backends.oracle", "oracle", "with its own tools"],
    ["django.contrib.gis.db.backends.spatialite", "spatialite", "with its own tools"],
  ])("%s", (engine, name, command) => {
    expect(said(engine)).toContain(`backups of ${name} are not yet supported`);
    expect(said(engine)).toContain(command);
  });

  test("with where it is, and no password", () => {
    const identity = { kind: "postgresql" as const, user: "o'neil", database: "shop" };
    const of = facts("django.db.backends.postgresql", { host: "10.0.0.5", port: "5433" });
    expect(notBackedUp({ users: { ...of, identity } })[0]?.text).toMatch(
      /^database users is not backed up: .* --host=10\.0\.0\.5 --port=5433 --username='o'\\''neil' shop;/,
    );
  });

  test("SQLite is, and what is no database is none", () => {
    expect(said("django.db.backends.sqlite3")).toBeNull();
    expect(said("")).toBeNull();
    expect(said("django.db.backends.dummy")).toBeNull();
  });
});

describe("what is promised of requests where migrations are pending", () => {
  const link = guaranteeOf({ kind: "link" }, "systemd", { finishes: true });

  test("nothing, and why", () => {
    expect(withMigrations(link, 1).lost).toMatch(
      /^not known: 1 migration is pending, and whether the live release works/,
    );
    expect(withMigrations(link, 3).lost).toMatch(/^not known: 3 migrations are pending/);
    expect(withMigrations(link, null).lost).toMatch(
      /^not known: which migrations are pending was not found out/,
    );
  });

  test("all of it where none is", () => {
    expect(withMigrations(link, 0)).toBe(link);
  });

  test("a restart loses what it loses besides", () => {
    const door = { kind: "restart", host: "0.0.0.0", port: 80 } as const;
    const restart = guaranteeOf(door, "systemd", { finishes: true });
    expect(withMigrations(restart, 1).lost).toMatch(
      /^those that come before .*; of the rest nothing is known: 1 migration/,
    );
  });

  test("a host without visitors has none to lose", () => {
    const workers = guaranteeOf({ kind: "none" }, "systemd", { finishes: true });
    expect(withMigrations(workers, 1)).toBe(workers);
  });
});
