import { describe, expect, test } from "vitest";
import type { DatabaseIdentity, OpenedDatabase } from "../../../src/host/types.ts";
import { compareDatabases, compareIdentity } from "../../../src/plan/databases.ts";

const file = (path: string, id?: string): DatabaseIdentity => ({
  kind: "file",
  file: path,
  ...(id ? { id } : {}),
});
const server = (changed: Partial<DatabaseIdentity> = {}): DatabaseIdentity => ({
  kind: "postgresql",
  system: null,
  server: "10.0.0.5:5432",
  database: "shop",
  schema: "public",
  user: "shop",
  ...changed,
});
const opened = (identity: DatabaseIdentity | null, more: Partial<OpenedDatabase> = {}): OpenedDatabase => ({
  engine: "django.db.backends.postgresql",
  identity,
  unknown: null,
  readOnly: false,
  tables: ["shop_item", "django_migrations"],
  applied: [["shop", "0001_initial"]],
  ...more,
});
const facts = (name: string, host = "") => ({
  engine: "django.db.backends.postgresql",
  name,
  host,
  port: "",
});

test.each<[string, DatabaseIdentity | null, DatabaseIdentity | null, string]>([
  ["one file by two names", file("/srv/a", "1:2"), file("/data/b", "1:2"), "same"],
  ["a file put in place of the other", file("/srv/a", "1:2"), file("/srv/a", "1:3"), "other"],
  ["one that is not there yet", file("/srv/a", "1:2"), file("/srv/b"), "other"],
  ["the same, still not there", file("/srv/a"), file("/srv/a"), "same"],
  ["two that are not there", file("/srv/a"), file("/srv/b"), "other"],
  ["another engine", file("/srv/a", "1:2"), server(), "other"],
  [
    "one server by its number, by two addresses",
    server({ system: "7" }),
    server({ system: "7", server: null }),
    "same",
  ],
  ["two servers at one address", server({ system: "7" }), server({ system: "8" }), "other"],
  ["another port", server(), server({ server: "10.0.0.5:5433" }), "other"],
  ["another database", server(), server({ database: "shop2" }), "other"],
  ["another schema", server(), server({ schema: "v2" }), "other"],
  ["another user", server(), server({ user: "reader" }), "other"],
  ["a socket and an address, without a number", server({ server: null }), server(), "unknown"],
  ["an engine that is not known", null, null, "unknown"],
  ["both in memory", { kind: "memory" }, { kind: "memory" }, "same"],
])("%s", (_title, a, b, verdict) => {
  expect(compareIdentity(a, b)).toBe(verdict);
  expect(compareIdentity(b, a)).toBe(verdict);
});

describe("the databases of two releases", () => {
  const compare = (
    live: OpenedDatabase | string | null,
    now: OpenedDatabase,
    written = facts("shop"),
    settings = facts("shop"),
  ) =>
    compareDatabases(
      {
        live:
          live === null || typeof live === "string"
            ? live
            : { engine: live.engine, applied: live.applied ?? [], databases: { default: live } },
        written: { default: written },
        opened: { default: now },
        settings: { default: settings },
      },
      "/srv/shop/releases",
    );

  test("are the same", () => {
    expect(compare(opened(server()), opened(server()))).toEqual({ changes: [], unknown: [] });
  });

  test("nothing is live", () => {
    expect(compare(null, opened(server()))).toEqual({ changes: [], unknown: [] });
  });

  test.each([
    ["none of its tables", { tables: ["other"], applied: null }, "holds none of its 1 tables"],
    ["fewer migrations", { applied: [] }, "has 0 of its 1 migrations"],
  ])("what is not told apart by its name holds %s", (_title, more, words) => {
    const { changes } = compare(opened(null, { unknown: null }), opened(null, more));
    expect(changes).toEqual([expect.stringContaining(words)]);
  });

  test("the live release gives no answer: said; its settings still count", () => {
    expect(compare("it is slow", opened(server()))).toEqual({
      changes: [],
      unknown: ["default: the live release does not say: it is slow"],
    });
    expect(compare("it is slow", opened(server()), facts("shop"), facts("shop", "10.0.0.9")).changes).toEqual(
      ["default: postgresql shop → postgresql shop at 10.0.0.9"],
    );
  });

  test("a database beside the releases is not taken for one in them", () => {
    const { changes } = compare(
      "it is slow",
      opened(null),
      facts("/srv/shop/releases/2026/db.sqlite3"),
      facts("/srv/shop/releases/db.sqlite3"),
    );
    expect(changes).toHaveLength(1);
  });

  test("a database that held nothing may go; one with tables not", () => {
    const sides = (tables: string[]) => ({
      live: { engine: "", applied: [], databases: { old: opened(server(), { tables }) } },
      written: {},
      opened: {},
      settings: {},
    });
    expect(compareDatabases(sides([]), "/r").changes).toEqual([]);
    expect(compareDatabases(sides(["a"]), "/r").changes).toEqual([expect.stringMatching(/^old: .* → none$/)]);
  });

  test("a second name of a database that stays may go", () => {
    const one = opened(server());
    const sides = (now: typeof one) => ({
      live: { engine: "", applied: [], databases: { default: one, same: one } },
      written: {},
      opened: { default: now },
      settings: {},
    });
    expect(compareDatabases(sides(one), "/r").changes).toEqual([]);
    expect(compareDatabases(sides(opened(server({ database: "other" }))), "/r").changes).toHaveLength(2);
  });
});
