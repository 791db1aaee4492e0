import { expect, test } from "vitest";
import { ratioOf, ratioText } from "../../../bench/pairs/ratio.ts";

const pairs = (ratios: number[]) => ratios.map((ratio) => [1000, 1000 * ratio] as const);

test("a side that is always slower by a tenth is said to be so, with no doubt", () => {
  expect(ratioText(ratioOf(pairs([1.1, 1.1, 1.1])))).toBe(
    "1000 → 1100 ms, ratio 1.100 [1.100, 1.100] of 3 pairs",
  );
});

test("one wild pair moves the interval and not the median", () => {
  const seen = ratioOf(pairs([...Array<number>(13).fill(1), 0.9, 5]));
  expect(seen).toMatchObject({ pairs: 15, ratio: 1, low: 1, high: 1 });
  const noisy = ratioOf(pairs([0.9, 0.95, 1, 1.05, 1.1, 1.2, 0.8]));
  expect(noisy.low).toBeLessThan(1);
  expect(noisy.high).toBeGreaterThan(1);
});
