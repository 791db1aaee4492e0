import fc from "fast-check";
import { expect, test } from "vitest";
import { tailOf } from "../../../src/ssh/tail.ts";

test("text comes out whole, wherever its bytes were split", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 5 }), (written, size) => {
      const tail = tailOf(1_000_000);
      const bytes = Buffer.from(written);
      for (let at = 0; at < bytes.length; at += size) tail.push(bytes.subarray(at, at + size));
      expect(tail.text()).toBe(bytes.toString());
    }),
  );
});

test("of much, the end is kept, and the cut shows", () => {
  const tail = tailOf(10);
  for (let n = 0; n < 100; n++) tail.push(Buffer.from(`${n} `));
  expect(tail.text()).toBe("[…] 97 98 99 ");
});
