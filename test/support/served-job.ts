import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

/** The job's directory in the bucket. */
export const JOB_PREFIX = `flink/${JOB}/`;

/** Puts a job with one restore point, one live file and one that is garbage into a bucket. */
export function serveJob(s3: EmbeddedS3, bucket: string): void {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, JOB_PREFIX, `s3a://${bucket}`);
  job.complete(7, [job.upload(1)], NOW - 2 * DAY);
  job.upload(2);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(bucket, key, content, { lastModified: modified });
  }
}
