import type { Asked, HostSession } from "../host/session.ts";

/**
 * A step whose questions go out before the steps before it are answered: sends them, and gives what waits for the
 * answers and judges them. That resolves with `askAgain` when the questions behind it were not begun, though the run
 * can go on.
 */
export type ChainedStep = (to: Asked) => () => Promise<unknown>;

export const askAgain = Symbol("ask again");

/**
 * Does the steps of one host in one round trip. What one step's answer decides about the questions of a later one can
 * not be done so: those belong into another call.
 */
export async function inOneGo(session: HostSession, steps: ChainedStep[]): Promise<void> {
  let left = steps;
  while (left.length > 0) {
    const chain = session.chain();
    const asked = left.map((ask) => ask(chain));
    left = left.slice(await told(asked));
  }
}

/** Hears the answers in order; says how many steps are done. */
async function told(asked: ReturnType<ChainedStep>[]): Promise<number> {
  for (const [index, tell] of asked.entries()) {
    if ((await tell()) === askAgain) return index + 1;
  }
  return asked.length;
}
