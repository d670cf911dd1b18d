import { Buffer } from 'node:buffer';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerBucket, type LedgerBucketOptions } from '#adapters/ledger/ledger-bucket.ts';
import { countOne, readCounter } from '#test/support/counter-document.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { contentOf, filesIn } from '#test/support/ledger-store-contract.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { Fault, FaultMatch } from '#tools/embedded-s3/faults.ts';

const serve = useEmbeddedS3();
const patient: S3Client[] = [];
afterEach(() => {
  for (const client of patient.splice(0)) client.destroy();
});

const PUT: FaultMatch = { operation: 'PutObject', key: 'steward/state.json@' };
const LOST: Fault = { kind: 'lose-answer' };

describe('LedgerBucket', () => {
  it('keeps what it is given below its prefix', async () => {
    const { s3, store } = await makeLedger();

    await store.writeDocument('state.json', '{}', null);
    await store.writeFile('runs/1/log', Buffer.from('x'));

    expect(store.name).toBe('s3://checkpoints/steward');
    expect(s3.keys(BUCKET)).toEqual(['steward/conditional-writes@', 'steward/runs/1/log', 'steward/state.json@']);
  });

  it('can have a whole bucket', async () => {
    const { s3, store } = await makeLedger({ prefix: '' });

    await store.writeFile('runs/a', Buffer.from('x'));

    expect(store.name).toBe('s3://checkpoints');
    expect(s3.keys(BUCKET)).toEqual(['runs/a']);
    expect(await filesIn(store, '')).toEqual(['runs/a']);
  });

  it('lists more files than one page holds', async () => {
    const { s3, store } = await makeLedger();
    const paths = Array.from({ length: 2_100 }, (_, at) => `runs/${String(at).padStart(5, '0')}`);
    for (const path of paths) s3.put(BUCKET, `steward/${path}`, '');
    for (const path of ['runs/00003@', 'runs/a b', 'runs/x/']) s3.put(BUCKET, `steward/${path}`, '');

    expect(await filesIn(store, 'runs/')).toEqual(paths);
  });

  describe('where an answer was lost', () => {
    it('knows what it wrote by its first attempt', async () => {
      const { s3, store } = await makePatientLedger();
      s3.faults.add({ match: { ...PUT, nth: 1 }, do: LOST });

      const tag = await store.writeDocument('state.json', 'mine', null);

      expect(tag).toBe(s3.object(BUCKET, 'steward/state.json@')?.etag);
      expect(await store.readDocument('state.json')).toEqual({ text: 'mine', tag });
    });

    it('knows so of a replacement too', async () => {
      const { s3, store } = await makePatientLedger();
      const known = await store.writeDocument('state.json', 'one', null);
      s3.faults.add({ match: { ...PUT, nth: 1 }, do: LOST });

      const tag = await store.writeDocument('state.json', 'two', known);

      expect(tag).not.toBeNull();
      expect(await store.readDocument('state.json')).toEqual({ text: 'two', tag });
    });

    it('knows what it wrote by its only attempt', async () => {
      const { s3, store } = await makeLedger();
      s3.faults.add({ match: PUT, do: LOST });

      const tag = await store.writeDocument('state.json', 'mine', null);

      expect(await store.readDocument('state.json')).toEqual({ text: 'mine', tag });
    });

    it('does not know what came of it where somebody else has written since', async () => {
      // Prepare
      const { s3, store } = await makePatientLedger();
      s3.faults.add({ match: { ...PUT, nth: 1 }, do: LOST });
      const overwrite = () => void s3.put(BUCKET, 'steward/state.json@', 'theirs, after mine');
      s3.faults.add({ match: { ...PUT, nth: 2 }, do: { kind: 'run', callback: overwrite } });

      // Act
      const failure = await failureOf(() => store.writeDocument('state.json', 'mine', null));

      // Assess
      expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
      expect(failure).toHaveProperty(
        'message',
        "'state.json' of the ledger s3://checkpoints/steward can't be written: the request was repeated because an answer was lost, and the object has changed since; it is unknown whether it was written, so read it again.",
      );
    });

    it('does not know what came of it where it can not be read back', async () => {
      const { s3, store } = await makeLedger();
      s3.faults.add({ match: PUT, do: LOST });
      s3.faults.add({ match: { operation: 'GetObject' }, do: { kind: 'answer', code: 'InternalError' } });

      const failure = await failureOf(() => store.writeDocument('state.json', 'mine', null));

      expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
      expect(failure).toHaveProperty('message', expect.stringContaining('it is unknown whether it was written'));
    });
  });

  it('believes a refusal of its only attempt, whatever the document says', async () => {
    const { s3, store } = await makeLedger();
    s3.put(BUCKET, 'steward/state.json@', 'the same');

    expect(await store.writeDocument('state.json', 'the same', null)).toBeNull();
  });

  it('takes a conflict with another writer for a lost race', async () => {
    const { s3, store } = await makeLedger();
    s3.faults.add({ match: PUT, do: { kind: 'answer', code: 'ConditionalRequestConflict' } });

    expect(await store.writeDocument('state.json', 'mine', null)).toBeNull();
  });

  it('says that nothing was written where the store refused', async () => {
    const { s3, store } = await makeLedger();
    s3.faults.add({ match: PUT, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => store.writeDocument('state.json', 'mine', null));

    expect(failure).toMatchObject({ code: 'denied' });
    expect(failure).toHaveProperty(
      'message',
      "'state.json' of the ledger s3://checkpoints/steward can't be written: access denied (AccessDenied: Access Denied); nothing was written. Grant s3:PutObject and s3:GetObject on arn:aws:s3:::checkpoints/steward/state.json@ to these credentials.",
    );
  });

  it.each([
    ['answers 503', { kind: 'answer', code: 'SlowDown' }],
    ['breaks the connection', { kind: 'reset' }],
    ['loses its answer', LOST],
  ] as const)('asks again where the store %s', async (_what, fault) => {
    // Prepare
    const { s3, store } = await makePatientLedger();
    const oncePerOperation = (operation: FaultMatch['operation'] & string) =>
      s3.faults.add({ match: { operation, nth: 1 }, do: fault });
    oncePerOperation('PutObject');
    oncePerOperation('GetObject');
    oncePerOperation('ListObjectsV2');

    // Act
    await store.writeFile('runs/a', Buffer.from('x'));
    const tag = await store.writeDocument('state.json', 'text', null);

    // Assess
    expect(await filesIn(store, 'runs/')).toEqual(['runs/a']);
    expect((await contentOf(store, 'runs/a')).toString()).toBe('x');
    expect(await store.readDocument('state.json')).toEqual({ text: 'text', tag });
  });

  it('reads a document again whose body broke off, and gives up after three times', async () => {
    const { s3, store } = await makeLedger();
    s3.put(BUCKET, 'steward/state.json@', 'x'.repeat(1_000));
    s3.faults.add({
      match: { operation: 'GetObject', nth: [1, 2, 4, 5, 6] },
      do: { kind: 'cut-body', afterBytes: 500 },
    });

    const first = await store.readDocument('state.json');
    const second = await failureOf(() => store.readDocument('state.json'));

    expect(first?.text).toBe('x'.repeat(1_000));
    expect(second).toMatchObject({ name: 'StoreError', code: 'unavailable', message: /can't be read beyond byte/ });
  });

  it('passes no half file off as a whole one', async () => {
    const { s3, store } = await makeLedger();
    await store.writeFile('runs/a', Buffer.alloc(100_000));
    s3.faults.add({ match: { operation: 'GetObject' }, do: { kind: 'cut-body', afterBytes: 50_000 } });

    expect(await failureOf(() => contentOf(store, 'runs/a'))).toMatchObject({ name: 'StoreError' });
  });

  it.each([
    ['a bare 404', { kind: 'answer', code: 'NotFound', status: 404 }],
    ['a missing bucket', { kind: 'answer', code: 'NoSuchBucket' }],
    ['a refusal', { kind: 'answer', code: 'AccessDenied' }],
    ['a time-out', { kind: 'answer', code: 'RequestTimeout' }],
  ] as const)('takes %s for no absence', async (_what, fault) => {
    const { s3, store } = await makeLedger();
    s3.faults.add({ match: {}, do: fault });

    for (const call of [
      () => store.readDocument('a'),
      () => store.writeDocument('a', '', null),
      () => store.readFile('a'),
      () => store.writeFile('a', Buffer.from('')),
      () => filesIn(store, ''),
    ]) {
      const failure = await failureOf(call);
      expect(failure).toMatchObject({ name: 'StoreError' });
      expect(failure).toHaveProperty('message', expect.stringContaining('ledger s3://checkpoints/steward'));
    }
  });

  it('loses no increment of many writers, whatever goes wrong on the way', async () => {
    // Prepare
    const seed = Date.now();
    const { s3 } = await makeLedger();
    const [fates = []] = fc.sample(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 500, maxLength: 500 }), {
      seed,
      numRuns: 1,
    });
    const chance = (from: number, to: number) => (nth: number) => {
      const fate = fates[nth % fates.length] ?? 0;
      return fate >= from && fate < to;
    };
    s3.faults.add({ match: { nth: chance(0, 8) }, do: LOST });
    s3.faults.add({ match: { nth: chance(8, 14) }, do: { kind: 'answer', code: 'SlowDown' } });
    s3.faults.add({ match: { nth: chance(14, 20) }, do: { kind: 'reset' } });
    s3.faults.add({
      match: { operation: 'GetObject', nth: chance(20, 30) },
      do: { kind: 'cut-body', afterBytes: 9_000 },
    });

    // Act
    const writers = ['a', 'b', 'c', 'd'];
    await Promise.all(
      writers.map(async (writer) => {
        const store = patientStore(s3);
        for (let count = 0; count < 6; count++) await countOne(store, writer);
      }),
    );

    // Assess
    s3.faults.clear();
    const { total, by } = await readCounter(patientStore(s3));
    expect({ total, by }, `seed ${seed}`).toEqual({ total: 24, by: { a: 6, b: 6, c: 6, d: 6 } });
  });

  describe('finding out whether the store honours conditions', () => {
    it('asks once per process, and leaves one probe', async () => {
      // Prepare
      const { s3, store } = await makeLedger();

      // Act
      await store.assertConditional();
      const first = s3.log.count('PutObject');
      await store.assertConditional();
      const second = s3.log.count('PutObject');
      await patientStore(s3).assertConditional();

      // Assess
      expect([first, second, s3.log.count('PutObject')]).toEqual([3, 3, 5]);
      expect(s3.keys(BUCKET)).toEqual(['steward/conditional-writes@']);
      expect(await filesIn(store, '')).toEqual([]);
    });

    it.each([
      ['If-None-Match', 'if-none-match'],
      ['If-Match', 'if-match'],
    ])('refuses a store that ignores %s, before any document is written', async (_name, header) => {
      const { s3, store } = await makeLedger();
      const ignore: Fault = { kind: 'run', callback: ({ headers }) => void delete headers[header] };
      s3.faults.add({ match: { operation: 'PutObject' }, do: ignore });

      const failure = await failureOf(() => store.writeDocument('state.json', 'text', null));

      expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
      expect(failure).toHaveProperty(
        'message',
        "The store of the ledger s3://checkpoints/steward ignores conditions (If-None-Match, If-Match), so it can't keep two stewards apart. Nothing was written except a probe. Keep the ledger in a folder, or in a store that honours these conditions, such as Amazon S3.",
      );
      expect(s3.keys(BUCKET)).toEqual(['steward/conditional-writes@']);
    });

    it('refuses a store that knows no conditions', async () => {
      const { s3, store } = await makeLedger();
      s3.faults.add({ match: { operation: 'PutObject' }, do: { kind: 'answer', code: 'NotImplemented' } });

      expect(await failureOf(() => store.assertConditional())).toHaveProperty(
        'message',
        expect.stringContaining('ignores conditions'),
      );
    });

    it('asks again where it could not find out', async () => {
      const { s3, store } = await makeLedger();
      s3.faults.add({ match: { operation: 'PutObject', nth: 1 }, do: { kind: 'answer', code: 'InternalError' } });

      const failure = await failureOf(() => store.assertConditional());

      expect(failure).toMatchObject({ name: 'StoreError', message: /can't be written/ });
      expect(await store.writeDocument('state.json', 'text', null)).not.toBeNull();
    });
  });

  it.each([
    ['a directory bucket', { bucket: 'b--euw1-az1--x-s3' }],
    ['no bucket', { bucket: '' }],
    ['a prefix without its slash', { prefix: 'steward' }],
  ])('refuses %s', async (_what, options) => {
    const { client } = await serve();

    expect(() => new LedgerBucket({ bucket: BUCKET, prefix: '', client, ...options })).toThrow(RangeError);
  });
});

async function makeLedger(
  options: Partial<LedgerBucketOptions> = {},
): Promise<{ s3: EmbeddedS3; store: LedgerBucket }> {
  const { s3, client } = await serve();
  return { s3, store: new LedgerBucket({ bucket: BUCKET, prefix: 'steward/', client, ...options }) };
}

async function makePatientLedger(): Promise<{ s3: EmbeddedS3; store: LedgerBucket }> {
  const { s3 } = await serve();
  return { s3, store: patientStore(s3) };
}

/** With a client that asks up to five times, as the steward's own. */
function patientStore({ url }: EmbeddedS3): LedgerBucket {
  const credentials = { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' };
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 5,
    credentials,
  });
  patient.push(client);
  return new LedgerBucket({ bucket: BUCKET, prefix: 'steward/', client });
}
