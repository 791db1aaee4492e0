/**
 * The candidate a misspelt word was most likely meant to be, or null when none is close: about one slip for every
 * three letters. Case, `_` and `-` do not count, so `stopTimeout` and `stop_timeout` find `stop-timeout`.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[_-]/g, "");
  const seen = plain(word.slice(0, 64));
  let best: string | null = null;
  let least = Math.max(1, Math.floor(seen.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = slips(seen, plain(candidate));
    if (distance < least && distance < plain(candidate).length) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Damerau–Levenshtein (optimal string alignment): letters added, lost, replaced or swapped with a neighbour. */
export function slips(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    before = above;
    above = current;
  }
  return above[b.length]!;
}

/** `; did you mean "deploy"?` for a word near a known one, or the beginning of only one; else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const begun = word.length < 2 ? [] : known.filter((name) => name.startsWith(word));
  const guess = nearest(word, known) ?? (begun.length === 1 ? begun[0] : null);
  return guess ? `; did you mean "${guess}"?` : "";
}
