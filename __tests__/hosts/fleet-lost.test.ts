import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Case, casesOf, problemsOf } from "./support/fleet/cases.ts";
import { bootFleet, type Fleet } from "./support/fleet/fleet.ts";
import { losses } from "./support/fleet/lost.ts";

// A run waits half a minute for a host that is lost. So some fleets lose theirs at the same time, each one after the other.

describe("a host that is lost for good", () => {
  const cases = casesOf(losses);
  const count = Math.min(cases.length, process.env["DJDEPLOY_BENCH"] ? 3 : 2);
  const fleets: Fleet[] = [];
  const problems = new Map<Case, Promise<string | null>>();

  beforeAll(async () => {
    for (let index = 0; index < count; index++) fleets.push(await bootFleet());
    for (const [index, fleet] of fleets.entries()) {
      let before: Promise<unknown> = Promise.resolve();
      for (const [, one] of cases.filter((_, at) => at % count === index)) {
        const mine = before.then(() => problemsOf(fleet, one));
        problems.set(one, mine);
        before = mine.catch(() => {});
      }
    }
  });
  afterAll(() => Promise.all(fleets.map((fleet) => fleet.stop())));

  test.each(cases)("%s", async (_title, one) => {
    expect(await problems.get(one)).toBeNull();
  });
});
