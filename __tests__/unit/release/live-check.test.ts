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

const settled = (settings: object, nginx = "manage") =>
  judgeInspection(
    { nginx, lint: { ignore: {}, failLevel: "error" } } as unknown as Config,
    "web1",
    { failure: null, checks: [], settings } as unknown as Inspection,
    "",
  ).error;

test("uploads among the code are refused, with what to write", () => {
  const error = settled({ mediaIsCode: true, mediaRoot: "/srv/shop/releases/1", scriptName: null });
  expect(error).toMatchObject({ code: "check.media-root", exitCode: 3 });
  expect(error?.details.hint).toContain('BASE_DIR / "media"');
  expect(
    settled({ mediaIsCode: false, mediaRoot: "/srv/shop/releases/1/media", scriptName: null }),
  ).toBeNull();
});

test("a path before every link is refused where nginx serves none below it", () => {
  expect(settled({ scriptName: "/app" })).toMatchObject({ code: "check.script-name", exitCode: 3 });
  expect(settled({ scriptName: "/app" }, "print")).toMatchObject({ code: "check.script-name" });
  expect(settled({ scriptName: "/app" }, "none")).toBeNull();
  expect(settled({ scriptName: "/" })).toBeNull();
});
