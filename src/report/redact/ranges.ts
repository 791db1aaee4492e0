/** Parts of a text: from the first place, to that behind the last, and so on; any order, overlapping. */
export type Ranges = number[];

export function addRange(ranges: Ranges, from: number, to: number): void {
  const last = ranges.length - 2;
  if (last >= 0 && from >= ranges[last]! && from <= ranges[last + 1]!) {
    if (to > ranges[last + 1]!) ranges[last + 1] = to;
  } else ranges.push(from, to);
}

/** In order, those that overlap or touch made one. */
export function merged(ranges: Ranges): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const pair of pairs) {
    const last = result.at(-1);
    if (last && pair[0] <= last[1]) last[1] = Math.max(last[1], pair[1]);
    else result.push(pair);
  }
  return result;
}
