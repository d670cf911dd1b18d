import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanListPage } from '#adapters/s3/list-page-scanner.ts';
import { BrokenPageError } from '#adapters/s3/xml-walk.ts';
import type { ListedObject } from '#ports/object-store.ts';

const SEED = 20_270_301;

function scanned(contents: string, encoding: string): readonly ListedObject[] | 'broken' {
  const page = `<ListBucketResult>${encoding}<IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
  try {
    return [...scanListPage(Buffer.from(page)).objects];
  } catch (error) {
    if (error instanceof BrokenPageError) return 'broken';
    throw error;
  }
}

const UUID = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
/** `a` and a UUID's other digits where it follows `%6`, but the last 36 characters are a UUID of their own. */
const HALF_ESCAPED = `1${UUID.slice(1)}`;
const plainKey = fc.constantFrom('a/b', 'job/shared/c', 'a&amp;b', 'a%20b', 'a+b', 'a%zz', 'é', '', 'a&b', 'a b');
const directory = fc.constantFrom(
  '',
  'job/shared/',
  'job/sharec/',
  'a%20b/',
  'a b/',
  'a&amp;b/',
  'é/',
  'a%2F',
  'a/%6',
  'job/shared/0a1b',
  'a/x',
);
const uuidKey = fc
  .tuple(directory, fc.constantFrom(UUID, HALF_ESCAPED, UUID.toUpperCase(), UUID.replace('-', '_'), `${UUID}.tmp`))
  .map(([path, name]) => path + name);
const key = fc.oneof(plainKey, uuidKey);
const time = fc.constantFrom(
  '2027-03-01T00:00:00.000Z',
  '2027-03-31T23:59:59.999Z',
  '2027-02-29T00:00:00.000Z',
  '2028-02-29T12:00:00.000Z',
  '2027-03-01T24:00:00.000Z',
  '2027-03-01T00:00:6x.000Z',
  '2027-13-01T00:00:00.000Z',
  '2027-03-01T00:00:00Z',
  'yesterday',
);
const MD5 = 'f123456789abcdef0123456789abcdef';
const hash = fc.constantFrom(
  MD5,
  `${MD5}-17`,
  `${MD5}-255`,
  `${MD5}-256`,
  `${MD5}-0`,
  MD5.toUpperCase(),
  '0123-4',
  '',
  'x&amp;y',
  'x&quot;y',
  'x"y',
);
const quote = fc.constantFrom('&quot;', '&quot;', '&#34;', '"', '');
const size = fc.constantFrom('0', '1', '64000000', '9007199254740991', '9007199254740993', '1e3', '-1', '');
const rest = fc.constantFrom(
  '<StorageClass>STANDARD</StorageClass>',
  '<StorageClass>STANDARD</StorageClass>',
  '<StorageClass>GLACIER</StorageClass>',
  '<StorageClass>INTELLIGENT_TIERING</StorageClass>',
  '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>x</RestoreExpiryDate></RestoreStatus><StorageClass>GLACIER</StorageClass>',
  '<Owner><ID>me</ID><Key>inner</Key></Owner>',
  '<StorageClass/>',
  '<Size>7</Size>',
  '<StorageClass>STANDARD',
  '',
);
const checksum = fc.constantFrom('', '', '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>');
const space = fc.constantFrom('', '', '\n');
const isReversed = fc.constantFrom(false, false, false, true);

const object = fc
  .tuple(key, time, hash, quote, size, rest, checksum, space, isReversed)
  .map(([name, modified, etag, mark, bytes, more, sum, gap, reversed]) => {
    const fields = [
      `<Key>${name}</Key>`,
      `<LastModified>${modified}</LastModified>`,
      `<ETag>${mark}${etag}${mark}</ETag>${sum}`,
      `<Size>${bytes}</Size>`,
    ];
    return `<Contents>${(reversed ? fields.reverse() : fields).join(gap)}${more}</Contents>`;
  });
/** Those that can be read, several alike in a row. */
const readable = fc
  .tuple(object, fc.nat(3))
  .filter(([one]) => scanned(one, '') !== 'broken')
  .map(([one, more]) => one.repeat(more + 1));

describe('An object that looks like the one before it', () => {
  it.each(['', '<EncodingType>url</EncodingType>'])('is read as if it stood alone: %s', (encoding) => {
    fc.assert(
      fc.property(fc.array(readable, { maxLength: 6 }), fc.option(object, { nil: '' }), (objects, last) => {
        const all = [...objects, last].flatMap((one) => one.split(/(?=<Contents>)/));

        const together = scanned(all.join(''), encoding);

        const alone = all.map((one) => scanned(one, encoding));
        expect(together).toEqual(alone.includes('broken') ? 'broken' : alone.flat());
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each(['', '<EncodingType>url</EncodingType>'])(
    'gives its own key and ETag, whatever others are: %s',
    (encoding) => {
      const one = ([name, etag]: readonly [string, string]) =>
        `<Contents><Key>${name}</Key><LastModified>2027-03-01T00:00:00.000Z</LastModified><ETag>"${etag}"</ETag><Size>1</Size></Contents>`;
      const whole = fc.tuple(key, hash).filter((drawn) => scanned(one(drawn), encoding) !== 'broken');
      fc.assert(
        fc.property(fc.array(whole, { maxLength: 12 }), (drawn) => {
          const all = drawn.map(one);

          const together = scanned(all.join(''), encoding);

          expect(together).toEqual(all.flatMap((each): unknown => scanned(each, encoding)));
        }),
        { seed: SEED, numRuns: 300 },
      );
    },
  );

  it('is told from one that merely begins like it', () => {
    const one = (tail: string) =>
      `<Contents><Key>a</Key><LastModified>2027-03-01T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>1</Size>${tail}`;

    expect(scanned(one('</Contents>') + one('<Key>b</Key></Contents>'), '')).toBe('broken');
    expect(scanned(one('</Contents>') + one('</Content>'), '')).toBe('broken');
    expect(scanned(one('</Contents>') + one(''), '')).toBe('broken');
  });
});
