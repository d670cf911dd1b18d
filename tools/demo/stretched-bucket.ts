import type { RecordedBucket } from '#test/support/corpus.ts';

/** So many times as long as it took: five seconds of the recording stand for a day. */
export const STRETCH = 86_400 / 5;

/** The recording ends so long after its last write; stretched, it is some five hours. In milliseconds. */
const QUIET_AT_THE_END = 1_000;

/**
 * When an object of the recording was written, had it taken as many days as it took five seconds, and ended now.
 * The order of all writes is kept.
 *
 * @param now epoch milliseconds; so are the times that the result takes and gives.
 */
export function stretched({ objects }: RecordedBucket, now: number): (recorded: number) => number {
  const files = objects.filter(({ key }) => !key.endsWith('/'));
  const end = Math.max(...files.map(({ mtime }) => Date.parse(mtime))) + QUIET_AT_THE_END;
  return (recorded) => Math.min(now, Math.round(now - (end - recorded) * STRETCH));
}
