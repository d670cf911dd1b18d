import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientOf, failureOf } from '#test/s3-contract/describe-s3.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();

describe('A bucket of another region', () => {
  it('sends requests there', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { region: 'eu-west-1' });

    await expect(client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).rejects.toMatchObject({
      name: 'PermanentRedirect',
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
  });

  it('says from anywhere where it lies', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { region: 'eu-west-1' });

    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));

    expect(LocationConstraint).toBe('eu-west-1');
  });

  it('answers requests that are signed for it', async () => {
    const { s3 } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { region: 'eu-west-1' });

    const { BucketRegion } = await clientOf(s3.url, 'eu-west-1').send(new HeadBucketCommand({ Bucket: BUCKET }));

    expect(BucketRegion).toBe('eu-west-1');
  });
});

describe('A bucket whose requesters pay', () => {
  it('is closed to those who do not say so', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { requesterPays: true });
    const list = (payer: { RequestPayer?: 'requester' }) =>
      client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...payer }));

    expect(await failureOf(list({}))).toEqual({ code: 'AccessDenied', status: 403 });
    expect((await list({ RequestPayer: 'requester' })).KeyCount).toBe(0);
  });
});

describe('A bucket with an owner', () => {
  it('is closed to those who expect another one', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { owner: '111122223333' });
    const list = (expected: { ExpectedBucketOwner?: string }) =>
      client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...expected }));

    expect(await failureOf(list({ ExpectedBucketOwner: '444455556666' }))).toEqual({
      code: 'AccessDenied',
      status: 403,
    });
    expect((await list({ ExpectedBucketOwner: '111122223333' })).KeyCount).toBe(0);
    expect((await list({})).KeyCount).toBe(0);
  });
});

describe('The settings of a bucket', () => {
  it('are given back byte for byte', async () => {
    // Prepare
    const { s3, client } = await serve();
    const Rules = [{ ID: 'seven', Status: 'Enabled' as const, Filter: { Prefix: 'a<b' }, Expiration: { Days: 7 } }];
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: BUCKET,
        LifecycleConfiguration: { Rules },
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
      }),
    );

    // Act
    const got = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    const raw = await fetch(`${s3.url}/${BUCKET}?lifecycle`);

    // Assess
    expect(got).toMatchObject({ Rules, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' });
    expect(await raw.text()).toBe(s3.bucket(BUCKET).lifecycle?.xml);
  });

  it('allow lifecycle configurations of up to 1,000 rules', async () => {
    const { client } = await serve();
    const put = (rules: number) =>
      client.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: BUCKET,
          LifecycleConfiguration: {
            Rules: Array.from({ length: rules }, (_, n) => ({
              ID: `r${n}`,
              Status: 'Enabled',
              Filter: { Prefix: `p${n}/` },
              Expiration: { Days: 1 },
            })),
          },
        }),
      );

    await put(1_000);
    expect((await failureOf(put(1_001))).code).toBe('MalformedXML');
    expect((await failureOf(put(0))).code).toBe('MalformedXML');
  });

  it('keep a notification configuration', async () => {
    const { client } = await serve();
    const read = () => client.send(new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }));
    const before = await read();
    const QueueConfigurations = [
      {
        Id: 'roots',
        QueueArn: 'arn:aws:sqs:us-east-1:1:q',
        Events: ['s3:ObjectCreated:*' as const],
        Filter: { Key: { FilterRules: [{ Name: 'suffix' as const, Value: '/_metadata' }] } },
      },
    ];

    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: BUCKET,
        NotificationConfiguration: { QueueConfigurations },
      }),
    );

    expect(before.QueueConfigurations).toBeUndefined();
    expect((await read()).QueueConfigurations?.[0]).toMatchObject({ Id: 'roots', Events: ['s3:ObjectCreated:*'] });
  });
});
