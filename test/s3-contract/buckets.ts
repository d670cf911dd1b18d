import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf } from '#test/s3-contract/describe-s3.ts';

const RULES = [
  {
    ID: 'old & <gone>',
    Status: 'Enabled' as const,
    Filter: { Prefix: 'flink/checkpoints/' },
    Expiration: { Days: 7 },
  },
  {
    ID: 'noncurrent',
    Status: 'Disabled' as const,
    Filter: { Prefix: '' },
    NoncurrentVersionExpiration: { NoncurrentDays: 3 },
  },
];

export function bucketContract(check: Check): void {
  check('finds a bucket that was made', async ({ client, bucket }) => {
    const { $metadata } = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));

    expect($metadata.httpStatusCode).toBe(200);
    expect(Buckets.map(({ Name }) => Name)).toContain(bucket);
  });

  check('says nothing of the region us-east-1', async ({ client, bucket }) => {
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: bucket }));

    expect(LocationConstraint).toBeOneOf([undefined, '']);
  });

  check('knows no bucket that was not made', async ({ client, bucket }) => {
    const missing = `${bucket}-missing`;

    expect(await failureOf(client.send(new ListObjectsV2Command({ Bucket: missing })))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
    expect(await failureOf(client.send(new HeadBucketCommand({ Bucket: missing })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
  });

  check('makes no bucket twice in a region that forbids it', async ({ client, bucket }) => {
    expect(await failureOf(client.send(new CreateBucketCommand({ Bucket: bucket })))).toEqual({
      code: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  check('ends a bucket only when it is empty', async ({ client, bucket }) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'a' }));

    expect(await failureOf(client.send(new DeleteBucketCommand({ Bucket: bucket })))).toEqual({
      code: 'BucketNotEmpty',
      status: 409,
    });
  });

  check('has no lifecycle configuration at first', async ({ client, bucket }) => {
    const asked = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));

    expect(await failureOf(asked)).toEqual({ code: 'NoSuchLifecycleConfiguration', status: 404 });
  });

  check('gives the lifecycle rules back that were put, until they are taken away', async ({ client, bucket }) => {
    // Act
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: RULES } }),
    );
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    await client.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));

    // Assess
    expect(Rules.map(({ ID, Status, Filter }) => ({ ID, Status, prefix: Filter?.Prefix ?? '' }))).toEqual([
      { ID: 'old & <gone>', Status: 'Enabled', prefix: 'flink/checkpoints/' },
      { ID: 'noncurrent', Status: 'Disabled', prefix: '' },
    ]);
    expect(Rules[0]?.Expiration?.Days).toBe(7);
    expect(Rules[1]?.NoncurrentVersionExpiration?.NoncurrentDays).toBe(3);
    const asked = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    expect((await failureOf(asked)).code).toBe('NoSuchLifecycleConfiguration');
  });
}
