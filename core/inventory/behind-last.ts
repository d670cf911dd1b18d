/** The place behind the last one, from `low` up to `high`, that compares as not greater. */
export function behindLast(low: number, high: number, compare: (place: number) => number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(middle) <= 0) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}
