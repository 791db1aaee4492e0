import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asDeployError } from "../../../src/errors.ts";
import { readPending } from "../../../src/migrations/answer.ts";
import { temporaryFolder } from "../../support/repository.ts";

const row = {
  app: "shop",
  name: "0002_b",
  operations: ["Add"],
  kinds: ["AddField"],
  sql: "ALTER",
  problem: null,
};
const written = (value: unknown) => (path: string) => writeFileSync(path, JSON.stringify(value));
const secret = "S3cretFromAnotherFile";

/** Everything that code of the project can leave where its answer is awaited. */
const hostile: Record<string, (path: string) => void> = {
  nothing: () => {},
  "a pipe that nobody writes into": (path) => execFileSync("mkfifo", [path]),
  "a folder": (path) => mkdirSync(path),
  "a device": (path) => symlinkSync("/dev/zero", path),
  "a link to a file that would do": (path) => {
    writeFileSync(`${path}.real`, JSON.stringify({ pending: [row] }));
    symlinkSync(`${path}.real`, path);
  },
  "no JSON": (path) => writeFileSync(path, `::error::${secret}`),
  "too much": (path) => {
    writeFileSync(path, "[");
    truncateSync(path, 3_000_000_000);
  },
  "no text": (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0])),
  "another shape": written({ rows: [] }),
  "an object for SQL": written({ pending: [{ ...row, sql: { split: 1 } }] }),
  "a number for an operation": written({ pending: [{ ...row, operations: [1] }] }),
  "no name": written({ pending: [{ ...row, name: "" }] }),
  "a name without end": written({ pending: [{ ...row, name: "x".repeat(300) }] }),
  "very many": written({ pending: Array.from({ length: 3_000 }, () => row) }),
};

describe("what the project's Django leaves as its answer on the runner", () => {
  it("is taken where it is one", () => {
    const path = join(temporaryFolder(), "answer.json");
    written({ pending: [{ ...row, more: 1 }] })(path);
    expect(readPending(path)).toEqual([row]);
  });

  it.each(Object.entries(hostile))("%s is one error of ours, which repeats nothing", (_, leave) => {
    const path = join(temporaryFolder(), "answer.json");
    leave(path);
    let error: unknown;
    try {
      readPending(path);
    } catch (thrown) {
      error = thrown;
    }
    const { code, exitCode, message, details } = asDeployError(error);
    expect([code, exitCode]).toEqual(["plan.sql-answer", 1]);
    expect(JSON.stringify([message, details])).not.toContain(secret);
  });
});
