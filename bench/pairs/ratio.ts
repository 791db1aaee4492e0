/** How much slower the second of two is, from pairs that were measured one right after the other. */
export interface Ratio {
  pairs: number;
  /** Medians of each side, in milliseconds. */
  before: number;
  after: number;
  /** Median of after/before, pair by pair. */
  ratio: number;
  /** 95 % confidence interval of that median. */
  low: number;
  high: number;
}

const samples = 10_000;

/**
 * The interval is a bootstrap's (percentiles of the medians of resampled pairs; Efron and Tibshirani, 1993). Its random
 * numbers are always the same, so that the same figures give the same interval.
 */
export function ratioOf(pairs: readonly (readonly [before: number, after: number])[]): Ratio {
  const ratios = pairs.map(([before, after]) => after / before);
  const random = sequence(1);
  const medians = Array.from({ length: samples }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)]!)),
  ).sort((a, b) => a - b);
  return {
    pairs: pairs.length,
    before: median(pairs.map(([before]) => before)),
    after: median(pairs.map(([, after]) => after)),
    ratio: median(ratios),
    low: medians[Math.floor(samples * 0.025)]!,
    high: medians[Math.ceil(samples * 0.975) - 1]!,
  };
}

/** `1432 → 1440 ms, ratio 1.006 [0.991, 1.024] of 15 pairs`. */
export function ratioText({ pairs, before, after, ratio, low, high }: Ratio): string {
  const [a, b, c] = [ratio, low, high].map((value) => value.toFixed(3));
  return `${Math.round(before)} → ${Math.round(after)} ms, ratio ${a} [${b}, ${c}] of ${pairs} pairs`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Numbers from 0 to 1 of a linear congruential generator (Numerical Recipes, 1992). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
