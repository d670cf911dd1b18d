import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();
const NOON = Date.parse('2026-03-01T12:00:00Z');

describe('The clock of the embedded S3', () => {
  it('sets the Date header and the time of what is written', async () => {
    // Prepare
    const { s3, client } = await serve({ clock: () => NOON + 999 });
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'a' }));
    s3.clock = () => NOON + 60_000;

    // Act
    const response = await fetch(`${s3.url}/${BUCKET}/a`);
    const { LastModified } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    // Assess: S3 keeps whole seconds.
    expect(response.headers.get('date')).toBe('Sun, 01 Mar 2026 12:01:00 GMT');
    expect(response.headers.get('last-modified')).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
    expect(LastModified).toEqual(new Date(NOON));
  });

  it('dates what was uploaded in parts at the beginning of its upload', async () => {
    // Prepare
    const { s3, client } = await serve({ clock: () => NOON });
    const at = { Bucket: BUCKET, Key: 'a' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    s3.clock = () => NOON + 3_600_000;

    // Act
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'a' }));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));

    // Assess
    expect(s3.object(BUCKET, 'a')?.modified).toBe(NOON);
  });
});

describe('An object that is put from inside', () => {
  it('has the time, class, ETag and headers that were given', async () => {
    // Prepare
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'content', {
      lastModified: NOON,
      storageClass: 'STANDARD_IA',
      etag: 'made-up',
      headers: { 'content-type': 'text/plain', 'x-amz-meta-who': 'flink' },
    });

    // Act
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    // Assess
    const common = { ETag: '"made-up"', LastModified: new Date(NOON), StorageClass: 'STANDARD_IA' };
    expect(Contents).toEqual([{ Key: 'a', Size: 7, ...common }]);
    expect(head).toMatchObject({ ...common, ContentType: 'text/plain', Metadata: { who: 'flink' } });
  });

  it('reads as zeros where only a size was given', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', { size: 200_000 });

    const whole = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const part = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a', Range: 'bytes=-70000' }));

    const content = (await whole.Body?.transformToByteArray()) ?? new Uint8Array();
    expect(content.length).toBe(200_000);
    expect(content.every((byte) => byte === 0)).toBe(true);
    expect((await part.Body?.transformToByteArray())?.length).toBe(70_000);
  });

  it('takes no memory for a size, and has another ETag when anything of it changes', async () => {
    const { s3 } = await serve();
    const etags = [
      s3.put(BUCKET, 'a', { size: 5e12 }, { lastModified: NOON }),
      s3.put(BUCKET, 'b', { size: 5e12 }, { lastModified: NOON }),
      s3.put(BUCKET, 'a', { size: 4e12 }, { lastModified: NOON }),
      s3.put(BUCKET, 'a', { size: 5e12 }, { lastModified: NOON + 1_000 }),
    ].map(({ etag }) => etag);

    expect(new Set(etags).size).toBe(4);
    expect(etags.every((etag) => /^[0-9a-f]{32}$/.test(etag))).toBe(true);
    expect(s3.put(BUCKET, 'a', { size: 5e12 }, { lastModified: NOON }).etag).toBe(etags[0]);
  });

  it('is gone with all its versions when it is erased', async () => {
    const { s3 } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { versioning: 'Enabled' });
    s3.put(BUCKET, 'a', 'one');
    s3.put(BUCKET, 'a', 'two');

    s3.erase(BUCKET, 'a', 'never was');

    expect(s3.bucket(BUCKET).objects.size).toBe(0);
  });
});

describe('An archived object', () => {
  it.each(['GLACIER', 'DEEP_ARCHIVE'])('of class %s shows what it is but not what is in it', async (storageClass) => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'content', { storageClass });

    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const read = client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    expect(head).toMatchObject({ ContentLength: 7, StorageClass: storageClass });
    await expect(read).rejects.toMatchObject({
      name: 'InvalidObjectState',
      StorageClass: storageClass,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('can be read where its class allows it', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'content', { storageClass: 'GLACIER_IR' });

    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    expect(await Body?.transformToString()).toBe('content');
  });
});

describe('The log of requests', () => {
  it('counts by operation, and remembers them in order', async () => {
    // Prepare
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');

    // Act
    await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'j/' }));
    await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));

    // Assess
    expect(s3.log.counts()).toEqual({ GetObject: 1, ListObjectsV2: 2 });
    expect([s3.log.count('ListObjectsV2'), s3.log.count('PutObject'), s3.log.count()]).toEqual([2, 0, 3]);
    expect(s3.log.requests.map(({ operation, key }) => `${operation} ${key}`)).toEqual([
      'GetObject a',
      'ListObjectsV2 j/',
      'ListObjectsV2 ',
    ]);
    s3.log.clear();
    expect([s3.log.count(), s3.log.requests.length]).toEqual([0, 0]);
  });

  it('knows how many requests were under way at once', async () => {
    // Prepare
    const { s3, client } = await serve();
    const waiting: (() => void)[] = [];
    const callback = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3) for (const go of waiting) go();
      });
    s3.faults.add({ match: {}, do: { kind: 'run', callback } });

    // Act
    await Promise.all([1, 2, 3].map(() => client.send(new ListObjectsV2Command({ Bucket: BUCKET }))));

    // Assess
    expect(s3.log.peak).toBe(3);
  });
});

describe('The embedded S3', () => {
  it('refuses a port that is taken', async () => {
    const { s3 } = await serve();

    await expect(serve({ port: Number(new URL(s3.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('listens on the loopback interface only', async () => {
    const { s3 } = await serve();

    expect(new URL(s3.url).hostname).toBe('127.0.0.1');
  });
});
