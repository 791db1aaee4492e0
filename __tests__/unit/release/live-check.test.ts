import { expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import type { Inspection } from "../../../src/host/types.ts";
import { judgeInspection } from "../../../src/release/live-check.ts";

const said = (type: string, message: string): string => {
  const failure = { stage: "database", type, message, where: null };
  return judgeInspection({} as Config, "web1", { failure } as unknown as Inspection, "").error?.message ?? "";
};

test.each([
  ["OperationalError", "django.db.utils.OperationalError: unable to open database file"],
  ["ImproperlyConfigured", "django.core.exceptions.ImproperlyConfigured: Error loading psycopg2 module"],
])("%s is the database's", (type, message) => {
  expect(said(type, message)).toBe("the database cannot be asked from web1");
});

test.each([
  ["NodeNotFoundError", "django.db.migrations.exceptions.NodeNotFoundError: Migration a.0002 dependencies …"],
  ["InconsistentMigrationHistory", "InconsistentMigrationHistory: Migration a.0002 is applied before …"],
  ["KeyError", "KeyError: 'target'"],
])("%s is not: the database answered", (type, message) => {
  expect(said(type, message)).toBe(`what is to be migrated on web1 cannot be told: ${message}`);
});
