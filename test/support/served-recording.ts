import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { contentsOf, type RecordedBucket } from './corpus.ts';

/**
 * Makes a recorded bucket a bucket of the embedded S3, under the name that its references say.
 *
 * @param timeOf what becomes of LastModified, in epoch milliseconds; as recorded by default.
 */
export async function serveRecording(
  s3: EmbeddedS3,
  recording: RecordedBucket,
  timeOf: (recorded: number) => number = (recorded) => recorded,
): Promise<void> {
  const contents = await contentsOf(recording);
  s3.createBucket(recording.bucket);
  for (const { key, mtime, etag } of recording.objects) {
    s3.put(recording.bucket, key, contents.get(key) ?? '', { lastModified: timeOf(Date.parse(mtime)), etag });
  }
}
