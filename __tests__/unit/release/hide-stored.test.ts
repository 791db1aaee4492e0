import { expect, test } from "vitest";
import type { HostSession } from "../../../src/host/session.ts";
import { hideStored } from "../../../src/release/hide-stored.ts";
import type { RunContext } from "../../../src/release/types.ts";

/** What is hidden and what is warned of when a host answers this. */
async function hiddenOf(answer: { values: string[]; left: number }) {
  const hidden: string[] = [];
  const warned: string[] = [];
  const context = { hide: (values: string[]) => hidden.push(...values) } as unknown as RunContext;
  const session = { name: "web1", request: async () => answer } as unknown as HostSession;
  await hideStored(context, session, (message) => warned.push(message));
  return { hidden, warned };
}

test("all that a host has stored", async () => {
  expect(await hiddenOf({ values: ["one-value", "another"], left: 0 })).toEqual({
    hidden: ["one-value", "another"],
    warned: [],
  });
});

test.each([
  {
    what: "too many",
    values: Array.from({ length: 3_000 }, (_, n) => `value-${n}`),
    hidden: 2_000,
    left: 1_000,
  },
  { what: "too large", values: ["short", "x".repeat(5_000_000), "y"], hidden: 1, left: 2 },
])("$what of them cost no run its time: the rest is counted", async ({ values, hidden, left }) => {
  const seen = await hiddenOf({ values, left: 0 });
  expect(seen.hidden).toHaveLength(hidden);
  expect(seen.warned).toEqual([
    expect.stringContaining(`${left} stored values of web1 are too many or too large`),
  ]);
});

test("what the host left out is counted too", async () => {
  expect((await hiddenOf({ values: [], left: 2 })).warned).toEqual([
    expect.stringMatching(/^2 stored values/),
  ]);
});
