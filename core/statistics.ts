/** A value at a time. */
export interface Point {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(values: Iterable<number>): number | null {
  const middle = middleOf(values);
  return Number.isNaN(middle) ? null : middle;
}

/** {@link median} where there is a value; NaN of nothing. */
export function middleOf(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  const [above = Number.NaN] = sorted.subarray(sorted.length >> 1);
  const [below = Number.NaN] = sorted.subarray(Math.max(0, (sorted.length - 1) >> 1));
  return (above + below) / 2;
}

/**
 * The median of the slopes of all pairs (Theil, 1950; Sen, 1968): up to 29 % of the points may be anything.
 *
 * @param points no two of them of one time.
 * @returns per millisecond; null of fewer than two points.
 */
export function theilSen(points: readonly Point[]): number | null {
  const slopes: number[] = [];
  for (const [index, late] of points.entries()) {
    for (const early of points.slice(0, index)) {
      slopes.push((late.value - early.value) / (late.at - early.at));
    }
  }
  return median(slopes);
}
