import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { uuid } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

/** Buckets as people have them, of which a stranger knows nothing. */

export const [ORDERS, PAYMENTS, CLICKS] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

/** Writes a job with one checkpoint below a folder. @returns the keys of its root and of its shared files. */
export function putJob(
  s3: EmbeddedS3,
  bucket: string,
  directory: string,
  { checkpoint = 7, files = [1, 2], references = [] as readonly string[], as = `s3://${bucket}/${directory}` } = {},
): void {
  for (const number of files) s3.put(bucket, `${directory}/shared/${uuid(number)}`, 'x'.repeat(100));
  const shared = [...files.map((number) => `${as}/shared/${uuid(number)}`), ...references];
  putRoot(s3, bucket, `${directory}/chk-${checkpoint}/_metadata`, shared);
}

/** Writes a root that references these URLs. */
export function putRoot(s3: EmbeddedS3, bucket: string, key: string, references: readonly string[]): void {
  const id = Number(/chk-(\d+)/.exec(key)?.[1] ?? 1);
  s3.put(bucket, key, incrementalCheckpoint({ id, shared: references.map((path) => ({ path, bytes: 100 })) }));
}
