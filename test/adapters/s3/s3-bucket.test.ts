import { createHash } from 'node:crypto';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { childrenOf, failureOf, keysOf, listAll, textOf } from '#test/support/object-store-contract.ts';
import type { Fault } from '#tools/embedded-s3/faults.ts';
import { BUCKET, type S3Place, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();
const JOB = '9468946f38e9d60efc7468a374aec04f';

describe('The listing of an S3Bucket', () => {
  it('finds what the plain paginator finds, in a bucket of many jobs with odd keys among them', async () => {
    // Prepare
    const { put, bucket, s3, client } = await makePlace();
    put(...flinkKeys(50_000), ...ODD_KEYS);
    s3.faults.add({ match: {}, do: LATENCY });

    // Act
    const objects = await listAll(bucket(), { prefix: '' });

    // Assess
    const { peak } = s3.log;
    s3.faults.clear();
    const expected = await paginated(client, '');
    expect(objects.length).toBe(50_000 + ODD_KEYS.length);
    expect(objects).toEqual(expected);
    expect(peak).toBeGreaterThan(4);
  });

  it('asks once for what fits one page', async () => {
    const { put, bucket, s3 } = await makePlace();
    put(...flinkKeys(900));

    await listAll(bucket(), { prefix: '' });

    expect(s3.log.count('ListObjectsV2')).toBe(1);
  });

  it('keeps to its concurrency', async () => {
    const { put, bucket, s3 } = await makePlace();
    put(...sharedKeys(30_000));
    s3.faults.add({ match: {}, do: LATENCY });

    const objects = await listAll(bucket({ concurrency: 3 }), { prefix: '' });

    expect({ objects: objects.length, peak: s3.log.peak }).toEqual({ objects: 30_000, peak: 3 });
  });

  it('shows everything that was there all the time, while others write and delete', async () => {
    // Prepare
    const { put, bucket, s3 } = await makePlace();
    const keys = sharedKeys(10_000);
    const leaving = keys.filter((_key, index) => index % 7 === 0);
    put(...keys);
    s3.faults.add({
      match: { operation: 'ListObjectsV2' },
      do: {
        kind: 'run',
        callback: () => {
          put(`flink/${JOB}/shared/${hash(s3.log.count())}`);
          s3.erase(BUCKET, leaving.pop() ?? '');
        },
      },
    });

    // Act
    const listed = await keysOf(bucket(), { prefix: '' });

    // Assess
    const found = new Set(listed);
    expect(found.size).toBe(listed.length);
    const stayed = keys.filter((_key, index) => index % 7 !== 0);
    expect(stayed.filter((key) => !found.has(key))).toEqual([]);
  });

  it('outlasts a burst of SlowDown, with fewer requests at once', async () => {
    // Prepare
    const { put, bucket, s3 } = await makePlace();
    put(...sharedKeys(20_000));
    s3.faults.add({ match: { nth: (nth) => nth > 8 && nth < 20 }, do: { kind: 'answer', code: 'SlowDown' } });
    const waits: number[] = [];

    // Act
    const wait = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    const objects = await listAll(bucket({ wait }), { prefix: '' });

    // Assess
    expect(objects.length).toBe(20_000);
    expect(waits.length).toBe(11);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(250);
  });

  it('gives up where the store keeps on throttling, after longer and longer waits', async () => {
    const { bucket, s3 } = await makePlace();
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'SlowDown' } });
    const waits: number[] = [];

    const failure = await failureOf(() =>
      listAll(bucket({ wait: async (time) => void waits.push(time) }), { prefix: '' }),
    );

    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(String(failure)).toContain('the store keeps asking to slow down');
    expect(waits.map((time, index) => time >= 250 * 2 ** index && time <= 750 * 2 ** index)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
  });

  const broken: readonly (readonly [string, Fault])[] = [
    ['cut off', { kind: 'cut-body', afterBytes: 5_000 }],
    ['shorter than it should be', { kind: 'rewrite-body', rewrite: (body) => body.slice(0, 5_000) }],
    [
      'without some of its keys',
      { kind: 'rewrite-body', rewrite: (body) => body.replace(/<Contents>.*?<\/Contents>/s, '') },
    ],
    ['that of a proxy', { kind: 'rewrite-body', rewrite: () => '<html></html>' }],
    ['an error after all', { kind: 'rewrite-body', rewrite: () => '<Error><Code>InternalError</Code></Error>' }],
    ['a broken connection', { kind: 'reset' }],
    ['an internal error', { kind: 'answer', code: 'InternalError' }],
  ];

  it.each(broken)('asks again for a page that is %s', async (_what, fault) => {
    const { put, s3, bucket } = await makePlace();
    put(...sharedKeys(2_500));
    s3.faults.add({ match: { nth: 2 }, do: fault });

    const client = patientClient(s3.url);
    const objects = await listAll(bucket({ client }), { prefix: '' });
    client.destroy();

    expect(objects.length).toBe(2_500);
  });

  it.each(broken)('never takes a page for a short one that is %s', async (_what, fault) => {
    const { put, s3, bucket } = await makePlace();
    put(...sharedKeys(2_500));
    s3.faults.add({ match: { nth: (nth) => nth >= 2 }, do: fault });

    const failure = await failureOf(() => listAll(bucket(), { prefix: '' }));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
    expect(String(failure)).toMatch(/^StoreError: s3:\/\/checkpoints can't be listed: .*; its contents are unknown\./);
  });

  it('ends with the first refusal', async () => {
    const { put, s3, bucket } = await makePlace();
    put(...sharedKeys(20_000));
    s3.faults.add({ match: { nth: 5 }, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => listAll(bucket(), { prefix: 'flink/' }));

    expect(failure).toMatchObject({ code: 'denied' });
    expect(s3.log.count()).toBeLessThan(40);
  });

  it('rejects with the reason of its signal, in the midst of many requests', async () => {
    const { put, s3, bucket } = await makePlace();
    put(...sharedKeys(20_000));
    const abort = new AbortController();
    const reason = new Error('enough');
    s3.faults.add({ match: { nth: 12 }, do: { kind: 'run', callback: () => abort.abort(reason) } });

    expect(await failureOf(() => listAll(bucket(), { prefix: '' }, abort.signal))).toBe(reason);
  });

  it('keeps no connection when its consumer stops early', async () => {
    const { put, s3, bucket } = await makePlace();
    put(...sharedKeys(20_000));

    for await (const page of bucket().list({ prefix: '' })) {
      if (page.length > 0) break;
    }

    const asked = s3.log.count();
    await listAll(bucket(), { prefix: 'none' });
    expect(s3.log.count()).toBe(asked + 1);
  });

  it('asks for the children with the delimiter, page by page', async () => {
    const { put, bucket, s3 } = await makePlace();
    put(...flinkKeys(3_000));

    const { folders } = await childrenOf(bucket(), 'flink/checkpoints/');

    expect(folders.length).toBe(new Set(flinkKeys(3_000).map((key) => key.split('/')[2])).size);
    expect(s3.log.count('ListObjectsV2')).toBe(1);
  });

  it('asks for children only by a folder', async () => {
    const { bucket } = await makePlace();

    expect(await failureOf(() => childrenOf(bucket(), 'flink'))).toBeInstanceOf(RangeError);
  });
});

describe('The clock of an S3Bucket', () => {
  it('is that of the server, in whole seconds', async () => {
    const { bucket } = await makePlace({ clock: () => Date.UTC(2027, 2, 1, 0, 0, 0, 999) });

    expect(await bucket().now()).toBe(Date.UTC(2027, 2, 1));
  });

  it('is asked for below the prefix that may be listed', async () => {
    const { bucket, s3 } = await makePlace();

    await bucket({ prefix: 'flink/' }).now();

    expect(s3.log.requests).toEqual([{ operation: 'ListObjectsV2', bucket: BUCKET, key: 'flink/' }]);
  });

  it('fails for a bucket that does not exist', async () => {
    const { bucket } = await makePlace();

    expect(await failureOf(() => bucket({ bucket: 'none' }).now())).toMatchObject({ code: 'no-such-place' });
  });
});

describe('Reading from an S3Bucket', () => {
  it('gives the time of the listing', async () => {
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', 'x', { lastModified: Date.UTC(2027, 1, 1) });

    expect(await bucket().read('a')).toMatchObject({ found: true, modified: Date.UTC(2027, 1, 1) });
  });

  it('gives no bytes of a part beyond the end, but all about the object', async () => {
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', 'four');
    s3.put(BUCKET, 'empty', '');

    const beyond = await bucket().read('a', { from: 4 });
    const ofEmpty = await bucket().read('empty', { from: 0, to: 9 });

    expect(beyond).toMatchObject({ found: true, bytes: 4, etag: hash('four') });
    expect(ofEmpty).toMatchObject({ found: true, bytes: 0 });
    expect([await textOf(beyond), await textOf(ofEmpty)]).toEqual(['', '']);
    expect(await bucket().read('none', { from: 4 })).toEqual({ found: false });
  });

  it.each([[{ from: -1 }], [{ from: 0.5 }], [{ from: 3, to: 2 }]])(
    'refuses the part %j, which no object can have',
    async (part) => {
      const { bucket } = await makePlace();

      expect(await failureOf(() => bucket().read('a', part))).toBeInstanceOf(RangeError);
    },
  );

  it.each([
    ['404 without a code', { kind: 'answer', code: 'NotFound', status: 404 }, 'unavailable'],
    ['404 of another kind', { kind: 'answer', code: 'NoSuchVersion' }, 'unavailable'],
    ['NoSuchKey that is no 404', { kind: 'answer', code: 'NoSuchKey', status: 500 }, 'unavailable'],
    ['NoSuchBucket', { kind: 'answer', code: 'NoSuchBucket' }, 'no-such-place'],
    ['AccessDenied', { kind: 'answer', code: 'AccessDenied' }, 'denied'],
    ['a broken connection', { kind: 'reset' }, 'unavailable'],
  ] as const)('never takes %s for absence', async (_what, fault, code) => {
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', 'x');
    s3.faults.add({ match: { operation: 'GetObject' }, do: fault });

    const failure = await failureOf(() => bucket().read('a'));

    expect(failure).toMatchObject({ name: 'StoreError', code });
  });

  it('fails where the content ends before its end, with where', async () => {
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', 'x'.repeat(100_000));
    s3.faults.add({ match: {}, do: { kind: 'cut-body', afterBytes: 70_000 } });

    const read = await bucket().read('a');
    const failure = await failureOf(() => textOf(read));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
    expect(String(failure)).toMatch(
      /s3:\/\/checkpoints\/a can't be read beyond byte \d+ of 100000 \(aborted\); the part that was read is not used\./,
    );
  });

  it('does not wait for all of a large object', async () => {
    // Prepare
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', { size: 500_000_000 });

    // Act
    const read = await bucket().read('a');
    if (!read.found) throw new Error('The object was not found.');
    const chunks = read.chunks[Symbol.asyncIterator]();
    const { value: first } = await chunks.next();
    await chunks.return?.();

    // Assess
    expect(first?.length).toBeLessThan(1_000_000);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects with the reason of the signal between chunks', async () => {
    const { s3, bucket } = await makePlace();
    s3.put(BUCKET, 'a', { size: 50_000_000 });
    const abort = new AbortController();
    const reason = new Error('enough');

    const read = await bucket().read('a', { signal: abort.signal });
    const failure = await failureOf(async () => {
      for await (const _chunk of read.found ? read.chunks : []) abort.abort(reason);
    });

    expect(failure).toBe(reason);
  });

  it('asks for what the bucket demands', async () => {
    const { s3, bucket } = await makePlace();
    const seen: (string | undefined)[] = [];
    s3.put(BUCKET, 'a', 'x');
    s3.faults.add({
      match: {},
      do: {
        kind: 'run',
        callback: ({ headers }) => {
          seen.push(String(headers['x-amz-expected-bucket-owner']), String(headers['x-amz-request-payer']));
        },
      },
    });

    const store = bucket({ expectedBucketOwner: '111122223333', requesterPays: true });
    await textOf(await store.read('a'));
    await listAll(store, { prefix: '' });

    expect(seen).toEqual(['111122223333', 'requester', '111122223333', 'requester']);
  });
});

describe('What an S3Bucket was asked for', () => {
  it('is told by lists and reads, with the region', async () => {
    const { s3, bucket, put } = await makePlace();
    put('a', 'b');
    const store = bucket();

    await store.now();
    await listAll(store, { prefix: '' });
    await childrenOf(store, '');
    await textOf(await store.read('a'));
    await store.read('none');

    expect(await store.usage()).toEqual({ region: 'us-east-1', listRequests: 3, getRequests: 2 });
    expect([s3.log.count('ListObjectsV2'), s3.log.count('GetObject')]).toEqual([3, 2]);
  });

  it('counts each attempt', async () => {
    const { s3, bucket, put } = await makePlace();
    put('a');
    s3.faults.add({ match: { nth: [1, 3] }, do: { kind: 'answer', code: 'InternalError' } });
    const client = patientClient(s3.url);
    const store = bucket({ client });

    await listAll(store, { prefix: '' });
    await textOf(await store.read('a'));
    client.destroy();

    expect(await store.usage()).toMatchObject({ listRequests: 2, getRequests: 2 });
    expect(s3.log.count()).toBe(4);
  });

  it('is in the region to which the bucket was followed', async () => {
    const { s3, bucket } = await makePlace();
    s3.createBucket('elsewhere', { region: 'eu-central-1' });
    const clientFor = (region: string): S3Client => patientClient(s3.url, region);
    const store = bucket({ bucket: 'elsewhere', clientFor });

    await listAll(store, { prefix: '' });

    expect(await store.usage()).toEqual({ region: 'eu-central-1', listRequests: 2, getRequests: 0 });
  });
});

describe('The name of an S3Bucket', () => {
  it('is its URL', async () => {
    const { bucket } = await makePlace();

    expect(bucket().name).toBe('s3://checkpoints');
  });

  it.each([
    ['jobs--euw1-az1--x-s3', 'is a directory bucket'],
    ['arn:aws:s3:::b', 'is not a valid bucket name'],
    ['', 'is not a valid bucket name'],
  ])('can not be %j', async (name, message) => {
    const { bucket } = await makePlace();

    expect(() => bucket({ bucket: name })).toThrow(RangeError);
    expect(() => bucket({ bucket: name })).toThrow(message);
  });
});

/** So that requests meet at the server. */
const LATENCY: Fault = { kind: 'latency', milliseconds: 20 };

const ODD_KEYS = [
  '&',
  ' ',
  '//',
  'flink//x',
  `flink/checkpoints/${JOB}/shared/`,
  `flink/checkpoints/${JOB}/shared/%2F`,
  `flink/checkpoints/${JOB}/shared/+ &<>"'`,
  `flink/checkpoints/${JOB}/shared/zzz/`,
  'flink/é',
  'flink/e\u0301',
  'flink/\uffee',
  'flink/\u{1f600}',
  '\u{1f600}',
  '~',
];

/** Of forty jobs: half of the keys are those of the first one. */
function flinkKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const job = index % 2 === 0 ? JOB : hash(`job ${index % 39}`);
    const name = hash(index).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const folder = index % 20 === 3 ? `chk-${index % 13}` : 'shared';
    return `flink/checkpoints/${job}/${folder}/${name}`;
  });
}

function sharedKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `flink/${JOB}/shared/${hash(index)}`);
}

function hash(of: number | string): string {
  return createHash('md5').update(String(of)).digest('hex');
}

function patientClient(endpoint: string, region = 'us-east-1'): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 3,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
}

async function paginated(client: S3Place['client'], prefix: string): Promise<object[]> {
  const all: object[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: BUCKET, Prefix: prefix })) {
    for (const { Key: key, Size: bytes, LastModified: modified, ETag: etag } of page.Contents ?? []) {
      all.push({ key, bytes, modified: modified?.getTime(), etag: etag?.replaceAll('"', '') });
    }
  }
  return all;
}
