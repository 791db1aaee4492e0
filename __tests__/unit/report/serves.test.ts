import { expect, test } from "vitest";
import type { Report, RunResult } from "../../../src/report/event.ts";
import { reportText, resultLine, whatServes } from "../../../src/report/text.ts";

const newer = "20261129T120000Z-2222222";
const report = (result: RunResult, releases: (string | null)[], warnings?: string[]): Report => ({
  result,
  environment: "production",
  release: releases[0] ?? null,
  previousRelease: newer,
  revision: "1".repeat(40),
  url: null,
  durationMs: 1000,
  hosts: releases.map((release, at) => ({ host: `web${at}`, result, release, proof: null, cut: 0 })),
  steps: [],
  ...(warnings ? { warnings } : {}),
});

test("what serves after a failed rollback is the newer release, by its name", () => {
  expect(whatServes(report("kept-old", [newer]))).toBe(`${newer} serves, as before`);
  expect(whatServes(report("reverted", [newer, newer]))).toBe(`${newer} serves again, proven`);
});

test("where it has no one name, none is given", () => {
  expect(whatServes(report("kept-old", []))).toBe("nothing was changed on any host");
  expect(whatServes(report("kept-old", [newer, "20261128T120000Z-1111111"]))).toContain(
    "what served before the run serves",
  );
  expect(whatServes(report("failed", [null]))).toBe("nothing served before");
});

test("what the run warned of stands in its report, text and JSON", () => {
  const warned = report("deployed", [newer], ["database default is not backed up"]);
  expect(reportText(warned, null)).toContain("\n  warning: database default is not backed up\n");
  expect(resultLine(warned)).toMatchObject({ warnings: ["database default is not backed up"] });
  expect(resultLine(report("deployed", [newer]))).not.toHaveProperty("warnings");
});
