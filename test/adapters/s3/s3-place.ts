import type { S3Client } from '@aws-sdk/client-s3';
import { S3Bucket, type S3BucketOptions } from '#adapters/s3/s3-bucket.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import type { EmbeddedS3, EmbeddedS3Options } from '#tools/embedded-s3/embedded-s3.ts';

export { BUCKET };

export interface S3Place {
  readonly s3: EmbeddedS3;
  /** Tries each request once. */
  readonly client: S3Client;
  /** Objects of no content in the bucket. */
  put(...keys: readonly string[]): void;
  /** The bucket behind the port; it does not wait between its attempts. */
  bucket(options?: Partial<S3BucketOptions>): S3Bucket;
}

/** An embedded S3 for each test, and the bucket of the steward on it. Call it once, outside the tests. */
export function useS3Places(): (options?: EmbeddedS3Options) => Promise<S3Place> {
  const serve = useEmbeddedS3();
  return async (options) => {
    const { s3, client } = await serve(options);
    return {
      s3,
      client,
      put: (...keys) => {
        for (const key of keys) s3.put(BUCKET, key, '');
      },
      bucket: (changes = {}) => new S3Bucket({ bucket: BUCKET, client, wait: async () => {}, ...changes }),
    };
  };
}
