import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { scanListPage } from '#adapters/s3/list-page-scanner.ts';
import { failureOf, listAll } from '#test/support/object-store-contract.ts';
import { BUCKET, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();
const TOMORROW = Date.UTC(2026, 6, 1);
const CLASSES = [
  ['STANDARD', undefined],
  ['STANDARD_IA', undefined],
  ['ONEZONE_IA', undefined],
  ['GLACIER_IR', undefined],
  ['REDUCED_REDUNDANCY', undefined],
  ['EXPRESS_ONEZONE', undefined],
  ['A_TIER_OF_MINIO', undefined],
  ['GLACIER', 'archived'],
  ['DEEP_ARCHIVE', 'archived'],
  ['INTELLIGENT_TIERING', 'tiering'],
] as const;

describe('The storage classes of a listed page', () => {
  it('tells what does not answer a read at once, wherever it stands among the others', () => {
    // Prepare
    const rows = [...CLASSES, ...CLASSES.toReversed(), ...CLASSES];

    // Act
    const page = scanListPage(pageOf(rows.map(([storageClass]) => `<StorageClass>${storageClass}</StorageClass>`)));

    // Assess
    expect([...page.objects].map(({ storage }) => storage)).toEqual(rows.map(([, storage]) => storage));
    expect([...page.objects].map(({ storageClass }) => storageClass)).toEqual(
      rows.map(([name]) => (name === 'STANDARD' || name === 'A_TIER_OF_MINIO' ? undefined : name)),
    );
    expect(page.hasArchived).toBe(true);
  });

  it('says of no other page that it has archived objects', () => {
    const page = scanListPage(pageOf(['<StorageClass>STANDARD</StorageClass>', '']));

    expect(page).not.toHaveProperty('hasArchived');
    expect([...page.objects].every((object) => !('storage' in object || 'storageClass' in object))).toBe(true);
  });

  it.each([
    ['restored for a while', status('false', '2026-07-01T00:00:00.000Z'), undefined],
    ['being restored', status('true', null), 'archived'],
    ['being restored, though the day is known', status('true', '2026-07-01T00:00:00.000Z'), 'archived'],
    ['with a status that tells no day', status('false', null), 'archived'],
    ['with an empty status', '<RestoreStatus/>', 'archived'],
    ['with a status that tells something new', '<RestoreStatus><New>1</New></RestoreStatus>', 'archived'],
  ])('takes an archived object %s for what it is', (_what, restore, expected) => {
    const { objects } = scanListPage(pageOf([`${restore}<StorageClass>GLACIER</StorageClass>`]));

    expect([...objects].map(({ storage }) => storage)).toEqual([expected]);
    // It is billed by its class all the same.
    expect([...objects].map(({ storageClass }) => storageClass)).toEqual(['GLACIER']);
  });

  it('refuses two classes of one object', () => {
    const page = pageOf(['<StorageClass>GLACIER</StorageClass><StorageClass>STANDARD</StorageClass>']);

    expect(() => scanListPage(page)).toThrow('<StorageClass> twice');
  });
});

describe('The listing of a bucket with archived objects', () => {
  it('asks what was restored, once it has seen one', async () => {
    // Prepare
    const { s3, bucket } = await placeWith({ a: 'STANDARD', b: 'GLACIER', c: 'DEEP_ARCHIVE', d: 'GLACIER' });
    at(s3.object(BUCKET, 'b')).restore = TOMORROW;
    at(s3.object(BUCKET, 'd')).restore = 'under-way';

    // Act
    const listed = await listAll(bucket(), { prefix: '' });

    // Assess
    expect(listed.map(({ key, storage }) => [key, storage])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', 'archived'],
      ['d', 'archived'],
    ]);
    expect(s3.log.count('ListObjectsV2')).toBe(2);
  });

  it('does not ask in a bucket without any', async () => {
    const { s3, bucket } = await placeWith({ a: 'STANDARD', b: 'INTELLIGENT_TIERING' });

    const listed = await listAll(bucket(), { prefix: '' });

    expect(listed.map(({ storage }) => storage)).toEqual([undefined, 'tiering']);
    expect(s3.log.count('ListObjectsV2')).toBe(1);
  });

  it('counts them as archived where the store refuses the question', async () => {
    // Prepare
    const { s3, bucket } = await placeWith({ a: 'GLACIER' });
    at(s3.object(BUCKET, 'a')).restore = TOMORROW;
    s3.faults.add({
      match: { operation: 'ListObjectsV2', nth: (nth) => nth > 1 },
      do: { kind: 'answer', code: 'NotImplemented' },
    });

    // Act
    const listed = await listAll(bucket(), { prefix: '' });

    // Assess
    expect(listed.map(({ storage }) => storage)).toEqual(['archived']);
  });
});

describe('The archive tiers of a bucket', () => {
  it('are those of every configuration, of a disabled one too', async () => {
    const { s3, bucket } = await placeWith({});
    s3.bucket(BUCKET).tiering = [
      { id: 'all', status: 'Enabled', prefix: '', days: 90 },
      { id: 'some', status: 'Disabled', prefix: 'flink/', days: 180 },
    ];

    const tiers = await bucket().archiveTiers();

    expect(tiers).toEqual([
      { prefix: '', days: 90 },
      { prefix: 'flink/', days: 180 },
    ]);
  });

  it('are none where the store does not know them', async () => {
    const { s3, bucket } = await placeWith({});
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'NotImplemented' } });

    expect(await bucket().archiveTiers()).toEqual([]);
  });

  it('are not known where the bucket refuses to tell, and the sentence names the permission', async () => {
    const { s3, bucket } = await placeWith({});
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'AccessDenied' } });

    const failure = await failureOf(() => bucket().archiveTiers());

    expect(failure).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('s3:GetIntelligentTieringConfiguration'),
    });
  });
});

async function placeWith(objects: Readonly<Record<string, string>>) {
  const place = await makePlace();
  for (const [key, storageClass] of Object.entries(objects)) {
    place.s3.put(BUCKET, key, key, { storageClass });
  }
  return place;
}

function at<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('It is not there.');
  return value;
}

function status(isUnderWay: string, until: string | null): string {
  const day = until === null ? '' : `<RestoreExpiryDate>${until}</RestoreExpiryDate>`;
  return `<RestoreStatus><IsRestoreInProgress>${isUnderWay}</IsRestoreInProgress>${day}</RestoreStatus>`;
}

function pageOf(classes: readonly string[]): Buffer {
  const contents = classes.map(
    (storageClass, index) =>
      `<Contents><Key>k${String(index).padStart(3, '0')}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>` +
      `<ETag>&quot;e${index}&quot;</ETag><Size>1</Size>${storageClass}</Contents>`,
  );
  return Buffer.from(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`);
}
