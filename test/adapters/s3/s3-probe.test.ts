import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { endpointOf, isAwsEndpoint } from '#adapters/s3/endpoint-of.ts';
import { S3Probe } from '#adapters/s3/s3-probe.ts';
import type { StoreHonours } from '#core/store-honours.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import * as lying from '#test/support/lying-s3.ts';
import type { FaultRule } from '#tools/embedded-s3/faults.ts';

const serve = useEmbeddedS3();
const HONEST: StoreHonours = {
  putIfAbsent: 'honoured',
  putIfUnchanged: 'honoured',
  deleteTogether: 'honoured',
  deleteSingly: 'honoured',
  listingAfterWrite: true,
  listingOrder: true,
  etagsAgree: true,
  versions: false,
  clockSkew: expect.closeTo(0, -1),
};

/** For one request: the client of the tests does not try again. */
function tooBusy(operation: 'DeleteObject' | 'DeleteObjects'): FaultRule {
  return { match: { operation, nth: (nth) => nth === 1 }, do: { kind: 'answer', code: 'SlowDown', status: 503 } };
}

describe('A probe of a store', () => {
  it.each<[string, readonly FaultRule[], Partial<StoreHonours>]>([
    ['does all as S3 does', [], {}],
    [
      'ignores conditions on deletions',
      [lying.IGNORES_IF_MATCH_OF_DELETES],
      { deleteTogether: 'ignored', deleteSingly: 'ignored', versions: null },
    ],
    [
      'ignores conditions on deletions, and is too busy at first',
      [tooBusy('DeleteObject'), tooBusy('DeleteObjects'), lying.IGNORES_IF_MATCH_OF_DELETES],
      { deleteTogether: 'ignored', deleteSingly: 'ignored', versions: null },
    ],
    ['ignores the ETags of many', [lying.IGNORES_ETAGS_OF_MANY], { deleteTogether: 'ignored' }],
    [
      'has no DeleteObjects',
      [{ match: { operation: 'DeleteObjects' }, do: { kind: 'answer', code: 'MethodNotAllowed', status: 405 } }],
      { deleteTogether: 'refused' },
    ],
    [
      'demands Content-MD5',
      [{ match: { operation: 'DeleteObjects' }, do: { kind: 'demand-content-md5', code: 'MissingContentMD5' } }],
      {},
    ],
    [
      'ignores conditions on writes',
      [lying.IGNORES_CONDITIONS_OF_WRITES],
      { putIfAbsent: 'ignored', putIfUnchanged: 'ignored' },
    ],
    [
      'refuses conditions on writes',
      [lying.REFUSES_CONDITIONS_OF_WRITES],
      { putIfAbsent: 'refused', putIfUnchanged: 'refused' },
    ],
    ['lists late', [lying.listsLate()], { listingAfterWrite: false }],
    ['lists out of order', [lying.listsOutOfOrder()], { listingOrder: false }],
    ['lists other ETags than it gives', [lying.listsOtherEtags()], { etagsAgree: false }],
  ])('that %s finds that out, touches nothing else and leaves nothing', async (_, rules, found) => {
    // Prepare
    const { s3, client } = await serve();
    s3.put(BUCKET, 'flink/a', 'somebody’s');
    const kept = s3.object(BUCKET, 'flink/a');
    for (const rule of rules) s3.faults.add(rule);

    // Act
    const honours = await new S3Probe({ bucket: BUCKET, client, prefix: 'flink/' }).probe();

    // Assess
    expect(honours).toEqual({ ...HONEST, ...found });
    expect(s3.keys(BUCKET)).toEqual(['flink/a']);
    expect(s3.object(BUCKET, 'flink/a')).toBe(kept);
    const asked = s3.log.requests.map(({ key }) => key).filter((key) => key !== '');
    expect(asked.filter((key) => !key.startsWith('flink/.flink-steward-probe-'))).toEqual([]);
  });

  it('finds out that deletions are refused, and leaves no more than its three objects', async () => {
    const { s3, client } = await serve();
    s3.faults.add(lying.REFUSES_CONDITIONS_OF_DELETES);

    const honours = await new S3Probe({ bucket: BUCKET, client, prefix: '' }).probe();

    expect(honours).toEqual({ ...HONEST, deleteTogether: 'refused', deleteSingly: 'refused', versions: null });
    expect(s3.keys(BUCKET)).toHaveLength(3);
  });

  it('sees that a bucket keeps versions, and how far its clock is ahead', async () => {
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { versioning: 'Enabled' });
    s3.clock = () => Date.now() + 40_000;

    const { versions, clockSkew } = await new S3Probe({ bucket: BUCKET, client, prefix: '' }).probe();

    expect(versions).toBe(true);
    expect([39, 40, 41]).toContain(clockSkew);
  });

  it('removes what a killed one has left, but nothing of one that may be under way', async () => {
    // Prepare
    const { s3, client } = await serve();
    const old = { lastModified: Date.now() - 3_600_000 };
    s3.put(BUCKET, 'x/.flink-steward-probe-0123456789abcdef-a', 'left', old);
    s3.put(BUCKET, 'x/.flink-steward-probe-0123456789abcdef/.flink-steward-probe-0123456789abcdef', 'left', old);
    s3.put(BUCKET, 'x/.flink-steward-probe-fedcba9876543210-B', 'under way');
    s3.put(BUCKET, 'y/.flink-steward-probe-0123456789abcdef-a', 'of another location', old);

    // Act
    await new S3Probe({ bucket: BUCKET, client, prefix: 'x/' }).probe();

    // Assess
    expect(s3.keys(BUCKET)).toEqual([
      'x/.flink-steward-probe-fedcba9876543210-B',
      'y/.flink-steward-probe-0123456789abcdef-a',
    ]);
  });

  it('deletes nothing but its own where a listing shows what it was not asked for', async () => {
    // Prepare
    const { s3, client } = await serve();
    const old = { lastModified: Date.now() - 3_600_000 };
    s3.put(BUCKET, 'x/.flink-steward-probe-0123456789abcdef-a', 'left', old);
    s3.put(BUCKET, 'x/live', 'live', old);
    const rewrite = (body: string): string => body.replaceAll('x/.flink-steward-probe-0123456789abcdef-a', 'x/live');
    s3.faults.add({ match: { operation: 'ListObjectsV2' }, do: { kind: 'rewrite-body', rewrite } });

    // Act
    await new S3Probe({ bucket: BUCKET, client, prefix: 'x/' }).probe();

    // Assess
    expect(s3.keys(BUCKET)).toEqual(['x/.flink-steward-probe-0123456789abcdef-a', 'x/live']);
  });

  it('says what it was denied, and which permissions it needs', async () => {
    const { s3, client } = await serve();
    s3.faults.add({ match: { operation: 'PutObject' }, do: { kind: 'answer', code: 'AccessDenied' } });

    await expect(new S3Probe({ bucket: BUCKET, client, prefix: '' }).probe()).rejects.toThrow(
      /^What the store of s3:\/\/checkpoints honours can't be found out: .*s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket \(for \.flink-steward-probe-\*\)/,
    );
  });
});

describe('The endpoint of a store', () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

  it('is told without a request', async () => {
    const { s3, client } = await serve();

    expect(await endpointOf(client)).toBe(s3.url);
    expect(await new S3Probe({ bucket: BUCKET, client, prefix: '' }).endpoint()).toBe(s3.url);
    expect(s3.log.requests).toEqual([]);
  });

  it.each(['us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'])(
    'is AWS’s own without any other setting, and then never probed: %s',
    async (region) => {
      const client = new S3Client({ region, credentials });
      const probe = new S3Probe({ bucket: BUCKET, client, prefix: '' });

      expect(await probe.endpoint()).toBeNull();
      await expect(probe.probe()).rejects.toThrow('Amazon S3 is not probed.');
    },
  );

  it('is not AWS’s own because its name begins so', () => {
    expect(isAwsEndpoint('https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com')).toBe(true);
    expect(isAwsEndpoint('https://s3.amazonaws.com.example.org')).toBe(false);
    expect(isAwsEndpoint('https://notamazonaws.com')).toBe(false);
  });
});
