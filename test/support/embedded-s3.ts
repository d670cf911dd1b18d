import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach } from 'vitest';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import { EmbeddedS3, type EmbeddedS3Options } from '#tools/embedded-s3/embedded-s3.ts';

export const BUCKET = 'checkpoints';

export interface ServedS3 {
  readonly s3: EmbeddedS3;
  /** Gives up at the first failure. */
  readonly client: S3Client;
}

/**
 * Servers of their own for the tests of a file, each with an empty bucket, closed after each test. Call it once,
 * outside the tests.
 */
export function useEmbeddedS3(): (options?: EmbeddedS3Options) => Promise<ServedS3> {
  const served: ServedS3[] = [];
  afterEach(async () => {
    await Promise.all(
      served.splice(0).map(async ({ s3, client }) => {
        client.destroy();
        await s3.close();
      }),
    );
  });
  return async (options = {}) => {
    const s3 = await EmbeddedS3.start({ buckets: [BUCKET], ...options });
    const one = { s3, client: clientOf(s3.url) };
    served.push(one);
    return one;
  };
}
