import { expect, test } from "vitest";
import { aims } from "../../../bench/deploy/aims.ts";
import { spread } from "../../../bench/deploy/figures/statistics.ts";
import type { DeployRow } from "../../../bench/deploy/record.ts";
import { roundTrips, stepTable, wallTable } from "../../../bench/deploy/tables.ts";

function row(contestant: string, roundTripMs: number, ms: number): DeployRow {
  return { contestant, roundTripMs, ms, round: 0, sent: 1000, received: 500, connections: 1 };
}

const deploys = [
  ...[1900, 1500, 9000].map((ms) => row("a", 0, ms)),
  ...[2400, 2300, 2350].map((ms) => row("a", 50, ms)),
  ...[2900, 2800, 2850].map((ms) => row("a", 100, ms)),
  row("b", 0, 2000),
];

test("a median, and how far the others are from it", () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, n: 3 });
  expect(spread([4, 1, 2, 3]).median).toBe(2.5);
});

test("round trips are what the longest delay adds, by its length", () => {
  expect(roundTrips(deploys, "a")).toBeCloseTo(9.5);
  expect(roundTrips(deploys, "b")).toBeNull();
});

test("an aim that was not measured is neither met nor missed", () => {
  const seen = Object.fromEntries(aims({ deploys }).map((aim) => [aim.what, aim.seen]));
  expect(seen).toMatchObject({
    "time, of the one ssh session by hand": 0.95,
    "round trips": expect.closeTo(9.5),
    "time, of Ansible": null,
    rollback: null,
  });
});

test("who could not take part is in the table, with the way in", () => {
  const text = wallTable({ deploys, absent: { d: "apt-get install capistrano" } });
  expect(text).toContain("| djdeploy | 1.90 s | 1.50 s – 9.00 s |  | 3 |");
  expect(text).toContain("| one ssh session by hand | 2.00 s | 2.00 s – 2.00 s | 0.95 | 1 |");
  expect(text).toContain("| Capistrano | not measured: apt-get install capistrano |");
});

test("the time that no step accounts for is said", () => {
  const steps = [
    { step: "lint", ms: 100 },
    { step: "boot", ms: 700 },
  ];
  const text = stepTable({ deploys: [{ ...row("a", 0, 1500), steps, reportedMs: 1000 }] });
  expect(text).toContain("| in the run, in no step | 200 |");
  expect(text).toContain("| starting and ending Node.js | 500 |");
});
