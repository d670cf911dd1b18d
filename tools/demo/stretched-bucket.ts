import type { RecordedBucket } from '#test/support/corpus.ts';

/** The factor of the stretching: five seconds of the recording become a day. */
export const STRETCH = 86_400 / 5;

/** The time between the last write and the end of the recording, in milliseconds; stretched, some five hours. */
const QUIET_AT_THE_END = 1_000;

/**
 * When an object of the recording was written, had it taken as many days as it took five seconds, and ended now.
 * The order of all writes is kept.
 *
 * @param now epoch milliseconds, as are the argument and the result of the returned function.
 */
export function stretched({ objects }: RecordedBucket, now: number): (recorded: number) => number {
  const files = objects.filter(({ key }) => !key.endsWith('/'));
  const end = Math.max(...files.map(({ mtime }) => Date.parse(mtime))) + QUIET_AT_THE_END;
  return (recorded) => Math.min(now, Math.round(now - (end - recorded) * STRETCH));
}
