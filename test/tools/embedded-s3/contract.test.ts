import { afterAll, beforeAll } from 'vitest';
import { clientOf, describeS3 } from '#test/s3-contract/describe-s3.ts';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

let s3: EmbeddedS3;
let buckets = 0;

beforeAll(async () => {
  s3 = await EmbeddedS3.start();
});

afterAll(async () => {
  await s3.close();
});

describeS3('The embedded S3', async () => {
  const bucket = `bucket-${buckets++}`;
  s3.createBucket(bucket);
  return { client: clientOf(s3.url), bucket };
});
