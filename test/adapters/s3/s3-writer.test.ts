import { Buffer } from 'node:buffer';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { S3Writer } from '#adapters/s3/s3-writer.ts';
import type { DeletedObject, LastContent } from '#ports/area-writer.ts';
import { describeAreaWriter } from '#test/support/area-writer-contract.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { BUCKET, type S3Place, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();
const CONTENT = Buffer.from('root');
const KEY = 'flink/job/shared/a';

for (const versioning of ['never', 'Enabled', 'Suspended'] as const) {
  describeAreaWriter(`S3Writer (versioning: ${versioning})`, async (objects) => {
    const place = await makePlace();
    place.s3.bucket(BUCKET).versioning = versioning;
    for (const [key, content] of Object.entries(objects)) place.s3.put(BUCKET, key, content);
    return { writer: new S3Writer({ bucket: BUCKET, client: place.client }), store: place.bucket() };
  });
}

describe('S3Writer', () => {
  it('knows what it wrote where the answer was lost', async () => {
    const { s3, writer } = await makeWriter();
    s3.faults.add({ match: { operation: 'PutObject' }, do: { kind: 'lose-answer' } });

    const put = await writer.putIfAbsent(KEY, CONTENT);

    const object = s3.object(BUCKET, KEY);
    expect(put).toEqual({ outcome: 'written', etag: object?.etag, modified: object?.modified });
  });

  it('knows what it wrote where its second attempt met its first one', async () => {
    const { s3, patientWriter } = await makeWriter();
    s3.faults.add({ match: { operation: 'PutObject', nth: 1 }, do: { kind: 'lose-answer' } });

    expect(await patientWriter(async (writer) => writer.putIfAbsent(KEY, CONTENT))).toMatchObject({
      outcome: 'written',
    });
  });

  it('asks again where others write at the same time', async () => {
    const { s3, writer } = await makeWriter();
    const conflict = { kind: 'answer', code: 'ConditionalRequestConflict' } as const;
    s3.faults.add({ match: { operation: 'PutObject', nth: [1, 2] }, do: conflict });

    expect(await writer.putIfAbsent(KEY, CONTENT)).toMatchObject({ outcome: 'written' });
  });

  it('gives up where others never stop, having written nothing', async () => {
    const { s3, writer } = await makeWriter();
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'ConditionalRequestConflict' } });

    const failure = await failureOf(() => writer.putIfAbsent(KEY, CONTENT));

    expect(failure).toHaveProperty(
      'message',
      `s3://checkpoints/${KEY} can't be written: others wrote or deleted it during each of 3 attempts; nothing was written. Try again.`,
    );
  });

  it.each([
    ['PutObject', `s3://checkpoints/${KEY} can't be written: access denied`],
    ['HeadObject', `s3://checkpoints/${KEY} was written, but can't be checked: `],
  ] as const)('says what follows where %s is refused', async (operation, sentence) => {
    const { s3, writer } = await makeWriter();
    s3.faults.add({ match: { operation }, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => writer.putIfAbsent(KEY, CONTENT));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'denied' });
    expect(failure).toHaveProperty('message', expect.stringContaining(sentence));
  });

  it('says so where what it wrote is something else before it was looked at', async () => {
    const { s3, writer } = await makeWriter();
    const overwrite = () => void s3.put(BUCKET, KEY, 'theirs');
    s3.faults.add({ match: { operation: 'HeadObject' }, do: { kind: 'run', callback: overwrite } });

    expect(await failureOf(() => writer.putIfAbsent(KEY, CONTENT))).toHaveProperty(
      'message',
      `s3://checkpoints/${KEY} was written, but has already been replaced.`,
    );
  });

  it('is not for directory buckets', async () => {
    const { client } = await makePlace();

    expect(() => new S3Writer({ bucket: 'b--euw1-az1--x-s3', client })).toThrow('is a directory bucket');
  });
});

describe('S3Writer, bringing back what was deleted', () => {
  it.each(['a', '日 +%2F&', 'new\nline', 'a b/c?d#e'])('brings %j back as it was', async (name) => {
    // Prepare
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, name, 'content', { lastModified: 1_700_000_000_000 });
    const object = await deleted(name);

    // Act
    const before = await writer.canRestore(object);
    const stillGone = s3.object(BUCKET, name);
    const outcome = await writer.restore(object);

    // Assess
    expect([before, stillGone, outcome]).toEqual([{ outcome: 'restored' }, undefined, { outcome: 'restored' }]);
    expect(s3.object(BUCKET, name)).toMatchObject({ etag: object.etag, modified: 1_700_000_000_000 });
    expect(await writer.restore(object)).toEqual({ outcome: 'present' });
  });

  it('deletes nothing but markers, whatever history a key has', async () => {
    const { s3, client, writer } = await makeWriter();
    const keys = ['k', 'k/below', 'k-beside'];
    await fc.assert(
      fc.asyncProperty(historyArbitrary(), async (steps) => {
        // Prepare
        s3.bucket(BUCKET).versioning = 'never';
        s3.erase(BUCKET, ...keys);
        for (const key of keys) {
          for (const step of steps) await step.run(s3, client, key);
        }
        const before = await versionsOf(client);
        const etags = new Set(before.flatMap(({ etag }) => etag ?? []));

        // Act
        for (const etag of [...etags, 'none']) {
          const can = await writer.canRestore({ key: 'k', etag });
          const did = await writer.restore({ key: 'k', etag });

          // Assess
          expect(did).toEqual(can);
          if (did.outcome === 'lost') expect(s3.object(BUCKET, 'k')?.etag).not.toBe(etag);
          else expect(s3.object(BUCKET, 'k')?.etag).toBe(etag);
        }
        const after = await versionsOf(client);
        const gone = before.filter(({ id, key }) => !after.some((left) => left.id === id && left.key === key));
        expect(gone.filter(({ key, etag }) => key !== 'k' || etag !== undefined)).toEqual([]);
      }),
      { seed: 20_260_305, numRuns: 60 },
    );
  });

  it('takes away the markers of those who deleted it again', async () => {
    const { s3, client, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    for (let again = 0; again < 3; again++) await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY }));

    expect(await writer.restore(object)).toEqual({ outcome: 'restored' });
    expect(s3.object(BUCKET, KEY)?.etag).toBe(object.etag);
  });

  it('gives up where it is deleted again and again', async () => {
    const { s3, client, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    const deleteAgain = async () => void (await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY })));
    s3.faults.add({ match: { operation: 'ListObjectVersions' }, do: { kind: 'run', callback: deleteAgain } });

    expect(await writer.restore(object)).toEqual({
      outcome: 'lost',
      why: `s3://checkpoints/${KEY} is being deleted again and again; it was not put back.`,
    });
  });

  it('leaves what was written while it took the marker away', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    const write = () => void s3.put(BUCKET, KEY, 'theirs');
    s3.faults.add({ match: { operation: 'DeleteObject' }, do: { kind: 'run', callback: write } });

    const outcome = await writer.restore(object);

    expect(outcome).toEqual({ outcome: 'lost', why: `s3://checkpoints/${KEY} has been overwritten since.` });
    expect(s3.object(BUCKET, KEY)?.bytes).toBe('theirs'.length);
  });

  it('finds the version behind more entries than one page has', async () => {
    const { s3, client, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    for (let again = 0; again < 3; again++) await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY }));
    client.middlewareStack.add((next) => async (args) => next({ ...args, input: { ...args.input, MaxKeys: 1 } }), {
      step: 'initialize',
    });

    expect(await writer.canRestore(object)).toEqual({ outcome: 'restored' });
    expect(await writer.canRestore({ ...object, etag: 'e' })).toMatchObject({ outcome: 'lost' });
  });

  it('touches no marker whose id new content could take over', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    s3.bucket(BUCKET).versioning = 'Suspended';
    const object = await deleted(KEY);

    const outcome = await writer.restore(object);

    expect(outcome).toEqual({
      outcome: 'lost',
      why: `s3://checkpoints/${KEY} was deleted while versioning was suspended, so new content may replace its delete marker at any time; copy the version that you want over it by hand.`,
    });
    expect(s3.log.count('DeleteObject')).toBe(1);
  });

  it.each([
    ['is not versioned', false, 'has no versions: the bucket is not versioned'],
    ['keeps versions', true, 'has no version left: they have expired'],
  ])('says why nothing is left where the bucket %s', async (_what, versioned, why) => {
    const { s3, writer, deleted } = await makeWriter({ versioned });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    if (versioned) s3.erase(BUCKET, KEY);

    expect(await writer.restore(object)).toEqual({ outcome: 'lost', why: `s3://checkpoints/${KEY} ${why}.` });
  });

  it('says both reasons where it may not know whether the bucket is versioned', async () => {
    const { s3, writer } = await makeWriter();
    s3.faults.add({ match: { operation: 'GetBucketVersioning' }, do: { kind: 'answer', code: 'AccessDenied' } });

    expect(await writer.canRestore({ key: KEY, etag: 'e' })).toEqual({
      outcome: 'lost',
      why: `s3://checkpoints/${KEY} has no version left: they have expired, or the bucket is not versioned.`,
    });
  });

  it.each([
    ['written anew', false, 'has been overwritten since'],
    ['written anew and deleted', true, 'was overwritten since, and then deleted again'],
  ])('says so where it was %s', async (_what, isDeleted, why) => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    s3.put(BUCKET, KEY, 'another');
    if (isDeleted) await deleted(KEY);

    expect(await writer.restore(object)).toEqual({ outcome: 'lost', why: `s3://checkpoints/${KEY} ${why}.` });
  });

  it('knows no versions where the store does not', async () => {
    const { s3, writer } = await makeWriter();
    s3.faults.add({ match: { operation: 'ListObjectVersions' }, do: { kind: 'answer', code: 'NotImplemented' } });

    expect(await writer.restore({ key: KEY, etag: 'e' })).toMatchObject({ outcome: 'lost' });
  });

  it.each([
    ['ListObjectVersions', 'The versions of s3://checkpoints/flink/job/shared/a', 's3:ListBucketVersions'],
    ['DeleteObject', 'The delete marker on s3://checkpoints/flink/job/shared/a', 's3:DeleteObjectVersion'],
  ] as const)('says what is missing where %s is refused', async (operation, what, permission) => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'content');
    const object = await deleted(KEY);
    s3.faults.add({ match: { operation }, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => writer.restore(object));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'denied' });
    expect(failure).toHaveProperty('message', expect.stringContaining(what));
    expect(failure).toHaveProperty('message', expect.stringContaining(`Grant ${permission} on`));
  });
});

interface Step {
  readonly run: (s3: S3Place['s3'], client: S3Client, key: string) => Promise<void>;
}

/** What may befall a key in the course of time. */
function historyArbitrary(): fc.Arbitrary<readonly Step[]> {
  const put = (content: string): Step => ({ run: async (s3, _client, key) => void s3.put(BUCKET, key, content) });
  const remove: Step = {
    run: async (_s3, client, key) => void (await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }))),
  };
  const version = (versioning: 'Enabled' | 'Suspended'): Step => ({
    run: async (s3) => {
      s3.bucket(BUCKET).versioning = versioning;
    },
  });
  const steps = [put('one'), put('two'), remove, remove, version('Enabled'), version('Enabled'), version('Suspended')];
  return fc.array(fc.constantFrom(...steps), { maxLength: 9 });
}

async function versionsOf(client: S3Client): Promise<{ key: string; id: string; etag?: string }[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  return [
    ...Versions.map(({ Key = '', VersionId = '', ETag = '' }) => ({
      key: Key,
      id: VersionId,
      etag: ETag.slice(1, -1),
    })),
    ...DeleteMarkers.map(({ Key = '', VersionId = '' }) => ({ key: Key, id: VersionId })),
  ];
}

describe('S3Writer, reading what a deletion hides', () => {
  it('reads the newest content, and says since when it is hidden', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, 'older');
    s3.put(BUCKET, KEY, CONTENT);
    const there = await writer.lastContent(KEY);
    await deleted(KEY);

    const last = await writer.lastContent(KEY);

    expect(there).toMatchObject({ bytes: 4, hidden: null });
    expect(last).toMatchObject({ bytes: 4, hidden: expect.any(Number) });
    expect(await contentOf(writer, last)).toBe('root');
  });

  it('says of a version that has expired meanwhile that it is not there', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, CONTENT);
    await deleted(KEY);
    const last = await writer.lastContent(KEY);
    s3.erase(BUCKET, KEY);

    expect(await contentOf(writer, last)).toBeNull();
  });

  it('says which right it lacks, and what is not known then', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, CONTENT);
    await deleted(KEY);
    const last = await writer.lastContent(KEY);
    s3.faults.add({ match: { operation: 'GetObject' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => contentOf(writer, last));

    expect(failure).toHaveProperty('code', 'denied');
    expect(failure).toHaveProperty('message', expect.stringMatching(/^The version .* can't be read: access denied/));
    expect(failure).toHaveProperty('lacking', ['s3:GetObjectVersion']);
  });

  it('ends where it is told to', async () => {
    const { s3, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, CONTENT);
    await deleted(KEY);
    const last = await writer.lastContent(KEY);
    const controller = new AbortController();
    controller.abort(new Error('The time is over.'));

    await expect(contentOf(writer, last, controller.signal)).rejects.toThrow('The time is over.');
  });
});

/** Null where there is none. */
async function contentOf(writer: S3Writer, last: LastContent | null, signal?: AbortSignal): Promise<string | null> {
  if (last === null) throw new Error('There is nothing to read.');
  const read = await writer.readLast(KEY, last, signal);
  if (!read.found) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of read.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('S3Writer in a bucket whose requesters pay', () => {
  it('writes, replaces and reads back where it is told to pay, and else nothing', async () => {
    const { s3, client, writer } = await makeWriter();
    const paying = new S3Writer({ bucket: BUCKET, client, requesterPays: true });
    s3.bucket(BUCKET).requesterPays = true;

    expect(await failureOf(() => writer.putIfAbsent(KEY, CONTENT))).toHaveProperty('code', 'denied');
    expect(s3.keys(BUCKET)).toEqual([]);

    s3.faults.add({ match: { operation: 'PutObject', nth: 1 }, do: { kind: 'lose-answer' } });
    const put = await paying.putIfAbsent(KEY, CONTENT);
    expect(put).toMatchObject({ outcome: 'written', etag: s3.object(BUCKET, KEY)?.etag });

    const etag = s3.object(BUCKET, KEY)?.etag ?? '';
    expect(await paying.replace(KEY, Buffer.from('anew'), etag)).toMatchObject({ outcome: 'written' });
  });

  it('brings back what was deleted where it is told to pay', async () => {
    const { s3, client, writer, deleted } = await makeWriter({ versioned: true });
    s3.put(BUCKET, KEY, CONTENT);
    const gone = await deleted(KEY);
    const paying = new S3Writer({ bucket: BUCKET, client, requesterPays: true });
    s3.bucket(BUCKET).requesterPays = true;

    expect(await failureOf(() => writer.restore(gone))).toHaveProperty('code', 'denied');
    expect(await paying.canRestore(gone)).toEqual({ outcome: 'restored' });
    expect(s3.keys(BUCKET)).toEqual([]);
    expect(await paying.restore(gone)).toEqual({ outcome: 'restored' });
    expect(s3.keys(BUCKET)).toEqual([KEY]);
  });
});

async function makeWriter({ versioned = false } = {}): Promise<
  Pick<S3Place, 's3' | 'client'> & {
    writer: S3Writer;
    /** With a client that asks again. */
    patientWriter: <T>(use: (writer: S3Writer) => Promise<T>) => Promise<T>;
    /** Deletes an object as the steward does, without a version. */
    deleted: (key: string) => Promise<DeletedObject>;
  }
> {
  const { s3, client } = await makePlace();
  if (versioned) s3.bucket(BUCKET).versioning = 'Enabled';
  return {
    s3,
    client,
    writer: new S3Writer({ bucket: BUCKET, client }),
    patientWriter: async (use) => {
      const credentials = { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' };
      const patient = new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, credentials });
      try {
        return await use(new S3Writer({ bucket: BUCKET, client: patient }));
      } finally {
        patient.destroy();
      }
    },
    deleted: async (key) => {
      const etag = s3.object(BUCKET, key)?.etag ?? '';
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
      return { key, etag };
    },
  };
}
