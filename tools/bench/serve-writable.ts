/**
 * The embedded S3 in a process of its own, with a generated bucket that can be written to: for what deletes. Prints where
 * it is as one line of JSON, and what it was asked for as another one when it is told to stop.
 *
 * usage: tsx tools/bench/serve-writable.ts OBJECTS JOBS
 */
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { restorableCheckpoints } from './restorable-checkpoints.ts';

const BUCKET = 'checkpoints';
/** So that nothing is too young to be judged by the other rules. */
const AGE = 2 * 24 * 60 * 60 * 1_000;

const [objects = 0, jobs = 0] = process.argv.slice(2).map(Number);
const s3 = await EmbeddedS3.start({ buckets: [BUCKET] });
const source = restorableCheckpoints({ objects, jobs, newest: Date.now() - AGE }, BUCKET);
for (let rank = 0; rank < source.size; rank++) {
  const key = source.keyAt(rank);
  const { content, modified } = source.objectAt(rank, key);
  s3.put(BUCKET, key, typeof content === 'number' ? { size: content } : content, { lastModified: modified });
}
process.once('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ requests: s3.log.counts(), left: s3.bucket(BUCKET).objects.size })}\n`);
  void s3.close();
});
process.stdout.write(`${JSON.stringify({ url: s3.url, bucket: BUCKET })}\n`);
