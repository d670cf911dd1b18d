import { Buffer } from 'node:buffer';
import { CreateMultipartUploadCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { S3BucketFacts } from '#adapters/s3/s3-bucket-facts.ts';
import { S3Writer } from '#adapters/s3/s3-writer.ts';
import { filesIn } from '#test/support/ledger-store-contract.ts';
import { childrenOf, failureOf, keysOf } from '#test/support/object-store-contract.ts';
import { BUCKET, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();

const AGAIN = /^StoreError: The listing of .* returned the same continuation token twice, and may never end/;

describe('A listing that leads back to where it has been', () => {
  it('of a prefix is a failure', async () => {
    const { put, s3, bucket } = await makePlace();
    put('flink/a', 'flink/b');
    s3.faults.add({ match: {}, do: { kind: 'turn-back' } });

    // Ranges see it by the order of keys, or by the token where there is none.
    expect(String(await failureOf(() => keysOf(bucket(), { prefix: 'flink/' })))).toContain('does not list as S3 does');
    expect(String(await failureOf(() => keysOf(bucket(), { prefix: 'none' })))).toMatch(AGAIN);
    expect(s3.log.count()).toBe(4);
  });

  it('of folders is a failure', async () => {
    const { put, s3, bucket } = await makePlace();
    put('flink/a/1', 'flink/b/1');
    s3.faults.add({ match: {}, do: { kind: 'turn-back' } });

    expect(String(await failureOf(() => childrenOf(bucket(), 'flink/')))).toMatch(AGAIN);
    expect(s3.log.count()).toBe(2);
  });

  it('of a ledger is a failure', async () => {
    const { put, s3, client } = await makePlace();
    put('steward/runs/1');
    s3.faults.add({ match: {}, do: { kind: 'turn-back' } });
    const ledger = new LedgerBucket({ bucket: BUCKET, prefix: 'steward/', client });

    expect(String(await failureOf(() => filesIn(ledger, 'runs/')))).toMatch(AGAIN);
    expect(s3.log.count()).toBe(2);
  });

  it('of versions is a failure', async () => {
    // Prepare
    const { s3, client } = await makePlace();
    s3.bucket(BUCKET).versioning = 'Enabled';
    const { etag } = s3.put(BUCKET, 'a', Buffer.from('x'));
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const page = `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker></ListVersionsResult>`;
    s3.faults.add({
      match: { operation: 'ListObjectVersions' },
      do: [
        { kind: 'rewrite-body', rewrite: () => page },
        { kind: 'answer', code: 'Any', status: 200 },
      ],
    });
    const writer = new S3Writer({ bucket: BUCKET, client });

    // Act
    const failure = await failureOf(() => writer.restore({ key: 'a', etag }));

    // Assess
    expect(String(failure)).toMatch(AGAIN);
    expect(s3.log.count('ListObjectVersions')).toBe(2);
  });

  it('of parts ends, and what was counted is a part of them', async () => {
    // Prepare
    const { s3, client } = await makePlace();
    await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'a' }));
    const page = `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1</NextPartNumberMarker><Part><PartNumber>1</PartNumber><Size>7</Size></Part></ListPartsResult>`;
    s3.faults.add({
      match: { operation: 'ListParts' },
      do: [
        { kind: 'rewrite-body', rewrite: () => page },
        { kind: 'answer', code: 'Any', status: 200 },
      ],
    });

    // Act
    const told = await new S3BucketFacts({ bucket: BUCKET, client }).incompleteUploads('');

    // Assess
    expect(told).toMatchObject({ known: true, value: { count: 1, bytes: 14, atLeast: true } });
    expect(s3.log.count('ListParts')).toBe(2);
  });
});

describe('Empty pages that lead on', () => {
  it('hide nothing', async () => {
    const { put, s3, bucket, client } = await makePlace();
    put('flink/a/1', 'flink/b');
    s3.faults.add({ match: { nth: (nth) => nth % 4 !== 0 }, do: { kind: 'empty-page' } });
    const ledger = new LedgerBucket({ bucket: BUCKET, prefix: 'flink/', client });

    expect(await keysOf(bucket(), { prefix: 'flink/' })).toEqual(['flink/a/1', 'flink/b']);
    expect(await childrenOf(bucket(), 'flink/')).toMatchObject({
      folders: ['flink/a/'],
      objects: [{ key: 'flink/b' }],
    });
    expect(await filesIn(ledger, '')).toEqual(['a/1', 'b']);
    expect(s3.log.count()).toBe(12);
  });

  it('end a listing that has nothing else', async () => {
    const { put, s3, bucket } = await makePlace();
    put('flink/a/1');
    s3.faults.add({ match: {}, do: { kind: 'empty-page' } });

    const failure = await failureOf(() => childrenOf(bucket(), 'flink/'));

    expect(String(failure)).toContain('The listing of s3://checkpoints/flink/ has 1001 pages in a row without a key');
  });
});
