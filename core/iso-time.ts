/**
 * A time as documents of the ledger and all output hold it: ISO 8601, UTC, to the millisecond.
 *
 * @param time epoch milliseconds.
 * @throws RangeError where that is no time that a date can hold.
 */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
