import { expect, test } from "vitest";
import type { OpenedDatabase } from "../../../src/host/types.ts";
import type { Applied } from "../../../src/migrations/sql.ts";
import type { Project } from "../../../src/project/types.ts";
import { plannedMigrations } from "../../../src/release/plan-migrations.ts";
import type { RunContext } from "../../../src/release/types.ts";

const paths = ["shop/migrations/0001_initial.py", "shop/migrations/0002_note.py"];
const all: [string, string][] = [
  ["shop", "0001_initial"],
  ["shop", "0002_note"],
];
const database = (file: string, more: Partial<OpenedDatabase> = {}): OpenedDatabase => ({
  engine: "django.db.backends.sqlite3",
  identity: { kind: "file", file, id: `1:${file}` },
  unknown: null,
  readOnly: false,
  tables: ["django_migrations"],
  applied: all,
  ...more,
});
const planned = async (databases: Record<string, OpenedDatabase>, aliases: "auto" | string[] = "auto") => {
  const context = { config: { database: { aliases } } } as RunContext;
  const applied: Applied = { engine: "", applied: databases["default"]?.applied ?? [], databases };
  const { migrations } = await plannedMigrations(context, {} as Project, paths, applied);
  return migrations.map((one) => `${one.database}: ${one.app}.${one.name}`);
};
const behind: Partial<OpenedDatabase> = { applied: [["shop", "0001_initial"]] };

test("what a second database lacks is planned, too", async () => {
  expect(await planned({ default: database("a"), users: database("b", behind) })).toEqual([
    "users: shop.0002_note",
  ]);
  expect(await planned({ users: database("b", behind) })).toEqual(["users: shop.0002_note"]);
});

test.each<[string, OpenedDatabase, "auto" | string[]]>([
  ["the same database", database("a", behind), "auto"],
  ["read-only", database("b", { ...behind, readOnly: true }), "auto"],
  ["another project's", database("b", { applied: [["auth", "0001_initial"]] }), "auto"],
  ["without migrations", database("b", { applied: null }), "auto"],
  ["not named", database("b", behind), ["default"]],
])("left alone: %s", async (_title, other, aliases) => {
  expect(await planned({ default: database("a"), other }, aliases)).toEqual([]);
});

test("named in the configuration: all of it", async () => {
  const other = database("b", { applied: null });
  expect(await planned({ default: database("a"), other }, ["default", "other"])).toHaveLength(2);
});
