import fc from "fast-check";
import { expect, test } from "vitest";
import { rolloutBatches } from "../../../src/plan/rollout.ts";

test.each([
  [1, 1, "50%", ["a"]],
  [2, 1, "50%", ["a", "b"]],
  [3, 1, "50%", ["a", "bc"]],
  [4, 1, "25%", ["a", "b", "c", "d"]],
  [5, 1, "50%", ["a", "bcd", "e"]],
  [5, 0, "100%", ["abcde"]],
  [3, 9, "50%", ["abc"]],
] as const)("%i hosts, canary %i, batch %s", (count, canary, batch, expected) => {
  const hosts = [..."abcdefgh"].slice(0, count);
  expect(rolloutBatches(hosts, { canary, batch }).map((one) => one.join(""))).toEqual(expected);
});

test("every host is switched exactly once, in order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.nat(5),
      fc.integer({ min: 1, max: 100 }),
      (hosts, canary, share) => {
        const batches = rolloutBatches(hosts, { canary, batch: `${share}%` });
        expect(batches.flat()).toEqual(hosts);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
      },
    ),
  );
});
