import { Buffer } from 'node:buffer';
import { PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3BucketFacts, type S3BucketFactsOptions } from '#adapters/s3/s3-bucket-facts.ts';
import type { Told } from '#ports/bucket-facts.ts';
import { BUCKET, type ServedS3, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import type { Part } from '#tools/embedded-s3/uploads.ts';

const serve = useEmbeddedS3();
const NOW = Date.UTC(2027, 2, 1);
const NAME = `s3://${BUCKET}`;

describe('The lifecycle rules that S3BucketFacts tells', () => {
  it('are what was put, as JSON and read', async () => {
    const served = await serve();
    const Rules = [
      { ID: 'a', Status: 'Enabled' as const, Filter: { Prefix: 'flink/' }, Expiration: { Days: 7 } },
      { ID: 'b', Status: 'Disabled' as const, Filter: { Tag: { Key: 'k', Value: 'v' } }, Expiration: { Days: 1 } },
    ];
    await served.client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: BUCKET,
        LifecycleConfiguration: { Rules },
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
      }),
    );

    const told = await factsOf(served).lifecycle();

    expect(told).toMatchObject({
      known: true,
      value: {
        document: { TransitionDefaultMinimumObjectSize: 'varies_by_storage_class', Rules },
        rules: [
          { id: 'a', enabled: true, filter: { prefix: 'flink/' }, expiration: { by: 'age', days: 7 } },
          { id: 'b', enabled: false, filter: { tags: [{ key: 'k', value: 'v' }] } },
        ],
        transitionMinimum: 'varies_by_storage_class',
        notUnderstood: [],
      },
    });
  });

  it('are none where the bucket has no configuration', async () => {
    const served = await serve();

    expect(await factsOf(served).lifecycle()).toEqual({ known: true, value: null });
  });

  it('do not hide what the SDK would drop', async () => {
    const served = await serve();
    const rule = '<Rule><Status>Enabled</Status><Filter><Suffix>.tmp</Suffix></Filter></Rule>';
    served.s3.bucket(BUCKET).lifecycle = {
      xml: `<LifecycleConfiguration><New>1</New>${rule}</LifecycleConfiguration>`,
      transitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    };

    const told = await factsOf(served).lifecycle();

    expect(told).toMatchObject({
      value: {
        document: { New: '1', Rules: [{ Status: 'Enabled', Filter: { Suffix: '.tmp' } }] },
        rules: [{ notUnderstood: ['Filter.Suffix'], filter: { understood: false } }],
        notUnderstood: ['New'],
      },
    });
  });

  it('are not known where the answer is cut', async () => {
    const served = await serve();
    served.s3.faults.add({
      match: { operation: 'GetBucketLifecycleConfiguration' },
      do: { kind: 'rewrite-body', rewrite: () => '<LifecycleConfiguration><Rule>' },
    });
    served.s3.bucket(BUCKET).lifecycle = {
      xml: '<LifecycleConfiguration></LifecycleConfiguration>',
      transitionDefaultMinimumObjectSize: 'x',
    };

    expect(whyOf(await factsOf(served).lifecycle())).toMatch(
      /^s3:\/\/checkpoints's lifecycle rules can't be read: .*The lifecycle configuration has something else/,
    );
  });

  it('are not known from a store that has no such request', async () => {
    const served = await serve();
    served.s3.faults.add({ match: {}, do: { kind: 'answer', code: 'NotImplemented', status: 501 } });

    expect(whyOf(await factsOf(served).lifecycle())).toBe(
      `${NAME}'s lifecycle rules can't be read: this store does not support that request (NotImplemented); it is unknown whether a lifecycle rule deletes live state.`,
    );
  });
});

describe('S3BucketFacts', () => {
  it.each(['never', 'Enabled', 'Suspended'] as const)('tells whether versions are kept: %s', async (versioning) => {
    const served = await serve();
    served.s3.bucket(BUCKET).versioning = versioning;

    expect(await factsOf(served).versioning()).toEqual({ known: true, value: versioning });
  });

  it('counts incomplete uploads below a prefix, and the bytes of their parts', async () => {
    const served = await serve({ clock: () => NOW });
    for (const key of ['flink/a', 'flink/b', 'logs/c']) upload(served, key, 2);

    expect(await factsOf(served).incompleteUploads('flink/')).toEqual({
      known: true,
      value: { count: 2, bytes: 400, oldest: NOW, atLeast: false },
    });
    expect(await factsOf(served).incompleteUploads('none/')).toEqual({
      known: true,
      value: { count: 0, bytes: 0, oldest: null, atLeast: false },
    });
  });

  it('goes on over pages of uploads, and stops in time', async () => {
    const served = await serve({ clock: () => NOW });
    for (let at = 0; at < 1_001; at++) upload(served, `flink/${at}`, 1, NOW - at * 1_000);

    const all = await factsOf(served, { uploadsMeasured: 3 }).incompleteUploads('flink/');
    const some = await factsOf(served, { pages: 1, uploadsMeasured: 2_000 }).incompleteUploads('flink/0');

    // All are counted, and the parts of three.
    expect(all).toMatchObject({ value: { count: 1_001, bytes: 300, oldest: NOW - 1_000_000, atLeast: true } });
    expect(some).toMatchObject({ value: { count: 1, bytes: 100, atLeast: false } });
    expect(await factsOf(served, { pages: 1, uploadsMeasured: 3 }).incompleteUploads('')).toMatchObject({
      value: { count: 1_000, atLeast: true },
    });
  });

  it('counts an upload with nothing that ended meanwhile', async () => {
    const served = await serve({ clock: () => NOW });
    upload(served, 'flink/a', 1);
    served.s3.faults.add({ match: { operation: 'ListParts' }, do: { kind: 'answer', code: 'NoSuchUpload' } });

    expect(await factsOf(served).incompleteUploads('')).toMatchObject({ value: { count: 1, bytes: 0, atLeast: true } });
  });

  it('goes on over pages of parts', async () => {
    const served = await serve();
    upload(served, 'flink/a', 1_001);

    expect(await factsOf(served).incompleteUploads('')).toMatchObject({ value: { bytes: 100_100, atLeast: false } });
  });

  it('counts what versioning keeps, and stops in time', async () => {
    const served = await serve();
    const bucket = served.s3.bucket(BUCKET);
    bucket.versioning = 'Enabled';
    let id = 0;
    for (let at = 0; at < 600; at++) {
      served.s3.put(BUCKET, `flink/${at}`, 'xy');
      bucket.remove(`flink/${at}`, NOW, () => `marker-${id++}`);
    }
    served.s3.put(BUCKET, 'flink/stays', 'xyz');

    expect(await factsOf(served).olderVersions('flink/')).toEqual({
      known: true,
      value: { noncurrent: 600, noncurrentBytes: 1_200, deleteMarkers: 600, atLeast: false },
    });
    expect(await factsOf(served, { pages: 1 }).olderVersions('flink/')).toMatchObject({
      value: { noncurrent: 500, deleteMarkers: 500, atLeast: true },
    });
  });

  it('tells apart what versioning keeps in other storage classes', async () => {
    const served = await serve();
    const bucket = served.s3.bucket(BUCKET);
    bucket.versioning = 'Enabled';
    for (const [at, storageClass] of ['STANDARD', 'STANDARD_IA', 'STANDARD_IA', 'GLACIER'].entries()) {
      served.s3.put(BUCKET, `flink/${at}`, 'xy', { storageClass });
      bucket.remove(`flink/${at}`, NOW, () => `marker-${at}`);
    }

    expect(await factsOf(served).olderVersions('flink/')).toMatchObject({
      value: {
        noncurrent: 4,
        classes: [
          { storageClass: 'STANDARD_IA', objects: 2, bytes: 4, billed: 262_144, small: 2 },
          { storageClass: 'GLACIER', objects: 1, bytes: 2, billed: 2, small: 1 },
        ],
      },
    });
  });

  it('says so where a store does not tell how its listing goes on', async () => {
    const served = await serve();
    served.s3.faults.add({
      match: { operation: 'ListObjectVersions' },
      do: { kind: 'rewrite-body', rewrite: (body) => body.replace('>false</IsTruncated>', '>true</IsTruncated>') },
    });

    expect(await factsOf(served).olderVersions('')).toMatchObject({ value: { atLeast: true } });
  });

  it.each([
    ['lifecycle', 's3:GetLifecycleConfiguration'],
    ['versioning', 's3:GetBucketVersioning'],
    ['incompleteUploads', 's3:ListBucketMultipartUploads'],
    ['olderVersions', 's3:ListBucketVersions'],
  ] as const)('fails softly without permission: %s', async (question, permission) => {
    const served = await serve();
    served.s3.faults.add({ match: {}, do: { kind: 'answer', code: 'AccessDenied' } });
    const facts = factsOf(served, { expectedBucketOwner: '111122223333' });

    const told = await (question === 'lifecycle' || question === 'versioning'
      ? facts[question]()
      : facts[question](''));

    expect(whyOf(told)).toContain(`Grant ${permission} on arn:aws:s3:::${BUCKET} to these credentials.`);
  });

  it('pays where its reader is to pay', async () => {
    const served = await serve();
    served.s3.bucket(BUCKET).requesterPays = true;

    expect(await factsOf(served, { requesterPays: true }).olderVersions('')).toMatchObject({ known: true });
    expect(await factsOf(served, { requesterPays: true }).incompleteUploads('')).toMatchObject({ known: true });
    expect(await factsOf(served).olderVersions('')).toMatchObject({ known: false });
  });

  it.each(['lifecycle', 'versioning', 'incompleteUploads', 'olderVersions'] as const)(
    'gives up with the reason of its signal: %s',
    async (question) => {
      const served = await serve();
      const reason = new Error('enough');
      const options = { signal: AbortSignal.abort(reason) };
      const facts = factsOf(served);

      const asked =
        question === 'lifecycle' || question === 'versioning' ? facts[question](options) : facts[question]('', options);

      await expect(asked).rejects.toBe(reason);
    },
  );
});

function factsOf({ client }: ServedS3, options: Partial<S3BucketFactsOptions> = {}): S3BucketFacts {
  return new S3BucketFacts({ bucket: BUCKET, client, ...options });
}

function whyOf(told: Told<unknown>): string {
  if (told.known) throw new Error(`It is known: ${JSON.stringify(told.value)}`);
  return told.why;
}

/** An upload with parts of 100 bytes, as if it had been begun. */
function upload({ s3 }: ServedS3, key: string, parts: number, initiated = NOW): void {
  const one = (number: number): Part => ({ number, content: Buffer.alloc(100), etag: 'x', modified: NOW });
  s3.bucket(BUCKET).uploads.add({
    id: `id of ${key}`,
    key,
    initiated,
    storageClass: 'STANDARD',
    headers: {},
    parts: new Map(Array.from({ length: parts }, (_, at) => [at + 1, one(at + 1)])),
  });
}
