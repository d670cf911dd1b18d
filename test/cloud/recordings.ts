import type { RecordedBucket } from '#test/support/corpus.ts';

/** What is in a bucket that Flink wrote. All in the order of S3. */

export function keysOf({ objects }: RecordedBucket): string[] {
  return objects.map(({ key }) => key).sort();
}

/** The `_metadata` of each checkpoint and savepoint. */
export function rootsOf({ roots }: RecordedBucket): string[] {
  return roots.map(({ metadata }) => metadata).sort();
}

/** What is left when all garbage has gone. */
export function garbageFree({ keep }: RecordedBucket): string[] {
  return [...keep].sort();
}
