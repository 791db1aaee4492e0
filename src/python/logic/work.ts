/** Thrown when an evaluation has worked for longer than is worth it, on its diagrams or on large values. */
export class OutOfWork extends Error {}

const MAX_WORK = 500_000;

let work = 0;

export function spend(amount = 1): void {
  work += amount;
  if (work > MAX_WORK) throw new OutOfWork();
}

export const workDone = (): number => work;

/** The whole budget anew: for another evaluation, or for those who ask about its result. */
export function renewWork(): void {
  work = 0;
}
