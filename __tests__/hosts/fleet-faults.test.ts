import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casesOf, problemsOf } from "./support/fleet/cases.ts";
import { faults } from "./support/fleet/faults.ts";
import { bootFleet, type Fleet } from "./support/fleet/fleet.ts";
import { lines } from "./support/fleet/lines.ts";

// Each fault, how it is made and how the run has to end are data: support/fleet/faults.ts. After each, all hosts are
// proven on one release, nothing is left over, and no visitor of the balancer lost a request.

describe("a fault on one of three hosts behind a balancer", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await bootFleet();
  });
  afterAll(() => fleet?.stop());

  test.each(casesOf([...faults, ...lines]))("%s", async (_title, one) => {
    expect(await problemsOf(fleet, one)).toBeNull();
  });
});
