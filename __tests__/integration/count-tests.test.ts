import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "count-tests-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A report as vitest's JSON reporter writes it, with one file of tests for each suite. */
function report(statuses: Record<string, string[]>, broken: string[] = []) {
  const testResults = Object.entries(statuses).map(([suite, each]) => ({
    name: resolve("__tests__", suite, "some.test.ts"),
    status: broken.includes(suite) || each.includes("failed") ? "failed" : "passed",
    message: broken.includes(suite) ? "does not load" : "",
    assertionResults: each.map((status, index) => ({
      status,
      fullName: `${suite} ${index}`,
      failureMessages: status === "failed" ? ["it is 2, not 1"] : [],
    })),
  }));
  writeFileSync(join(folder, `${Object.keys(statuses).join("-")}.json`), JSON.stringify({ testResults }));
}

function count(...failedStages: string[]) {
  const script = ["scripts/count-tests.mjs", folder, ...failedStages];
  const { status, stdout } = spawnSync(process.execPath, script, { encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  return { status, last: lines.at(-1), said: stdout };
}

test("sums the suites of all reports", () => {
  report({ unit: ["passed", "passed"], integration: ["passed"] });
  report({ hosts: ["passed"] });
  expect(count()).toMatchObject({ status: 0, last: "4 passed, 0 failed" });
});

test("names a failed test and why", () => {
  report({ unit: ["passed", "failed"], integration: ["passed"], hosts: ["passed"] });
  const { status, last, said } = count("npm run check");
  expect({ status, last }).toEqual({ status: 1, last: "3 passed, 1 failed" });
  expect(said).toContain("FAILED __tests__/unit/some.test.ts: unit 1\nit is 2, not 1");
});

test.each([
  ["a file that does not load", { unit: ["passed"], integration: ["passed"], hosts: [] }, "does not load"],
  ["a skipped test", { unit: ["passed", "pending"], integration: ["passed"], hosts: ["passed"] }, "PENDING"],
  ["a suite without tests", { unit: ["passed"], integration: ["passed"] }, "NO TESTS ran in the suite hosts"],
])("is red for %s", (_, statuses, said) => {
  report(
    statuses,
    ["hosts"].filter((suite) => statuses[suite as "unit"]?.length === 0),
  );
  const answer = count();
  expect(answer.status).toBe(1);
  expect(answer.last).toMatch(/ 1 failed$/);
  expect(answer.said).toContain(said);
});

test("a stage that broke without a failed test counts as a failure", () => {
  report({ unit: ["passed"], integration: ["passed"], hosts: ["passed"] });
  expect(count("npm ci")).toMatchObject({ status: 1, last: "3 passed, 1 failed" });
});
