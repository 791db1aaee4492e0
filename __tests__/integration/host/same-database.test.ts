import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

const program = `
import json
from djd_databases import is_same
one, other = json.loads(sys.argv[1])
print(json.dumps([is_same(one, other), is_same(other, one)]))
`;

/** As PostgreSQL 15 and MariaDB 10.11 answered on a booted host. */
const postgresql = {
  kind: "postgresql",
  system: "7713637579698924184",
  server: "::1:5432",
  database: "shop",
  schema: "public",
  user: "shop",
};
const mysql = {
  kind: "mysql",
  system: "fRa0ABIOxUz+RSQ2sc+/se1Qv20=",
  server: "web1:3306",
  database: "shop",
  user: "shop",
};

test.each([
  ["by a socket", postgresql, { server: null }, true],
  ["by another address", postgresql, { server: "127.0.0.1:5432" }, true],
  ["by another user", postgresql, { user: "reader" }, true],
  ["another schema", postgresql, { schema: "other" }, false],
  ["another server with a copy", postgresql, { system: "1", server: "127.0.0.1:5433" }, false],
  ["servers that do not say which they are", { ...postgresql, system: null, server: null }, {}, false],
  ["by another user", mysql, { user: "reader" }, true],
  ["another database", mysql, { database: "empty" }, false],
  ["another server with a copy", mysql, { system: "1" }, false],
  ["a file's second name", { kind: "file", file: "/a", id: "1:2" }, {}, true],
  ["another file", { kind: "file", file: "/a", id: "1:2" }, { id: "1:3" }, false],
  ["in memory", { kind: "memory" }, {}, false],
])("two aliases, %s: %j %j", (_, one, more, same) => {
  expect(askPython(program, JSON.stringify([one, { ...one, ...more }]))).toEqual([same, same]);
});
