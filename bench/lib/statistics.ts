/** The value that `share` (0 to 1) of the samples do not exceed (nearest rank). Throws RangeError without samples. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[Math.min(rank, sorted.length) - 1] as number;
}

/** Middle value; the mean of the two middle ones of an even number. Throws RangeError without samples. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (!Number.isInteger(middle)) return sorted[Math.floor(middle)] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/**
 * Median over the rounds of ours / theirs: what slows a whole round (another program on the machine) slows both and drops out, and
 * one disturbed round does not decide. Rounds are paired by position. Throws RangeError when they can't be paired.
 */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  return median(ours.map((value, round) => value / (theirs[round] as number)));
}

/** The items in an order that begins one further in each round, so that none profits from always following the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** For people and JSON: three digits behind the point. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
