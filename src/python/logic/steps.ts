import type { Machine } from "./machine.ts";

const MAX_STEPS = 400_000;

/** How deep functions of the project call each other. */
export const MAX_DEPTH = 60;

/** Evaluation has gone on for too long; everything not decided by then is unknown. */
export class OutOfSteps extends Error {}

/** Counts a statement, an expression or a round of a loop; throws OutOfSteps. */
export function step(m: Machine): void {
  if (++m.steps > MAX_STEPS) throw new OutOfSteps();
}
