import { expect, test } from "vitest";
import { parse } from "yaml";
import { supportChecks } from "../../../src/config/checks.ts";
import { environmentSchema, type Settings } from "../../../src/config/schema/index.ts";
import { notEnforced, supportTable } from "../../../src/config/support.ts";

/** For every row of the table: values that this version takes, and values that it refuses so far. */
const rows: Record<string, { taken: string[]; refused: string[] }> = {
  "python.installer": { taken: ["auto", "pip", "uv"], refused: ["pipenv", "poetry", "pdm"] },
  "server.strategy": { taken: ["blue-green", "restart"], refused: ["reload"] },
  "server.service": { taken: ["null"], refused: ["gunicorn.service"] },
  "static.served-by": { taken: ["auto", "whitenoise", "nginx"], refused: ["storage"] },
  "database.unsafe-migrations": { taken: ["refuse"], refused: ["allow", "maintenance"] },
  "database.lock-timeout": { taken: ["5s", "5000ms"], refused: ["10s"] },
  "database.statement-timeout": { taken: ["null"], refused: ["1m"] },
  "release.hooks": { taken: ["{}"], refused: ["{after-switch: ./x}"] },
  url: {
    taken: ["null", "http://x.org", "https://x.org/", "http://x.org:8080", "http://[::1]/"],
    refused: [
      "http://x.org/app",
      "https://x.org/app/",
      "http://x.org:8080/a/b",
      "http://x.org/%20",
      "http://[::1]/app",
    ],
  },
};

function settings(key: string, written: string): Settings {
  const [first, second] = key.split(".");
  const value = parse(written);
  return environmentSchema.parse({
    app: "counter",
    hosts: ["web1"],
    [first!]: second === undefined ? value : { [second]: value },
  });
}

test("every row is in this table", () => {
  expect(Object.keys(rows)).toEqual(supportTable.map(({ key }) => key));
});

const cases = Object.entries(rows);

test.each(cases.flatMap(([key, { taken }]) => taken.map((written) => [key, written] as const)))(
  "%s: %s is taken",
  (key, written) => {
    expect(supportChecks(settings(key, written))).toEqual([]);
  },
);

test.each(cases.flatMap(([key, { refused }]) => refused.map((written) => [key, written] as const)))(
  "%s: %s is not yet supported",
  (key, written) => {
    const [only, ...more] = supportChecks(settings(key, written));
    expect(more).toEqual([]);
    const { reason } = supportTable.find((row) => row.key === key)!;
    expect(only).toMatchObject({
      code: "not-supported",
      message: expect.stringMatching(`not yet supported: ${reason}$`),
    });
    expect(only?.path[0]).toBe(key.split(/[.[]/)[0]);
  },
);

test("a guard that is refused is not told as unenforced too", () => {
  expect(notEnforced(settings("database.unsafe-migrations", "allow"))).not.toContainEqual(
    expect.stringContaining("unsafe-migrations"),
  );
});
