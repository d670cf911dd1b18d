import { PutObjectCommand } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import type { Place } from '#test/s3-contract/describe-s3.ts';

/** Objects under these keys, all with the same content. */
export async function putAll({ client, bucket }: Place, keys: readonly string[], content = 'x'): Promise<void> {
  await pMap(keys, (Key) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: content })), {
    concurrency: 8,
  });
}
