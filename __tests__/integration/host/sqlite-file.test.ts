import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

const program = `
import json
from djd_databases import sqlite_file
print(json.dumps([sqlite_file(name) for name in sys.argv[1:]]))
`;

/** What djdeploy takes for the file of each database, asked on the host. */
const filesOf = (names: string[]) => askPython<(string | null)[]>(program, ...names);

test("a path is itself, a URI names one", () => {
  const named = {
    "/srv/data/db.sqlite3": "/srv/data/db.sqlite3",
    "db.sqlite3": "db.sqlite3",
    "file:db.sqlite3": "db.sqlite3",
    "file:/srv/data/db.sqlite3?mode=rwc&cache=private": "/srv/data/db.sqlite3",
    "file:///srv/data/db.sqlite3": "/srv/data/db.sqlite3",
    "file:/srv/my%20data/db.sqlite3": "/srv/my data/db.sqlite3",
  };
  expect(filesOf(Object.keys(named))).toEqual(Object.values(named));
});

test("what lies in memory is no file", () => {
  const names = ["", ":memory:", "file::memory:?cache=shared", "file:test?mode=memory&cache=shared"];
  expect(filesOf(names)).toEqual([null, null, null, null]);
});
