import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ListPage, scanListPage } from '#adapters/s3/list-page-scanner.ts';
import { BrokenPageError } from '#adapters/s3/xml-walk.ts';

const SEED = 20_260_104;
const UUID = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const OTHER = '1b2c3d4e-5f6a-4b7c-9d8e-0f1a2b3c4d5e';

describe('scanListPage', () => {
  it('reads a page as S3 writes it', () => {
    const page = scanned(
      Buffer.from(
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
          '<Name>b</Name><Prefix>flink/</Prefix><NextContinuationToken>1a+/b=</NextContinuationToken><KeyCount>2</KeyCount>' +
          '<MaxKeys>2</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>' +
          '<Contents><Key>flink/a</Key><LastModified>2026-02-28T23:59:59.000Z</LastModified>' +
          '<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>' +
          '<Size>0</Size><Owner><ID>1</ID><DisplayName>x</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>' +
          '<Contents><Key>flink/b</Key><LastModified>2024-02-29T00:00:00.123Z</LastModified>' +
          '<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e-12&quot;</ETag><Size>5368709120</Size></Contents></ListBucketResult>',
      ),
    );

    expect(page).toEqual({
      objects: [
        {
          key: 'flink/a',
          bytes: 0,
          modified: Date.UTC(2026, 1, 28, 23, 59, 59),
          etag: 'd41d8cd98f00b204e9800998ecf8427e',
        },
        {
          key: 'flink/b',
          bytes: 5_368_709_120,
          modified: Date.UTC(2024, 1, 29, 0, 0, 0, 123),
          etag: 'd41d8cd98f00b204e9800998ecf8427e-12',
        },
      ],
      folders: [],
      next: '1a+/b=',
    });
  });

  it('reads common prefixes, and the last page', () => {
    const page = scanned(
      document(
        '<KeyCount>2</KeyCount><CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>'.concat(
          '<CommonPrefixes><Prefix>b%2B%20c/</Prefix></CommonPrefixes><EncodingType>url</EncodingType>',
        ),
      ),
    );

    expect(page).toEqual({ objects: [], folders: ['a/', 'b+ c/'], next: null });
  });

  it('passes over what it does not know, in whatever order and with whatever spaces', () => {
    const page = scanned(
      Buffer.from(
        '\ufeff<?xml version="1.0"?>\r\n<ListBucketResult>\n  <New a="1"><Key>no</Key><Empty/><Contents></Contents></New>\n' +
          '  <Contents id="1"><Size>7</Size><Restore state="x"/><Owner><Key>no</Key></Owner><ETag>"e"</ETag>\n' +
          '<LastModified>2026-12-31T12:00:00Z</LastModified><Key>k</Key></Contents>\n<IsTruncated>false</IsTruncated>' +
          '<Prefix/><StartAfter></StartAfter></ListBucketResult>\n',
      ),
    ).objects;

    expect(page).toEqual([{ key: 'k', bytes: 7, modified: Date.UTC(2026, 11, 31, 12), etag: 'e' }]);
  });

  it.each([
    ['a%2Bb+c%25d', true, 'a+b c%d'],
    ['a%2Bb+c%25d', false, 'a%2Bb+c%25d'],
    ['%E6%97%A5%F0%9F%98%80', true, '日😀'],
    ['日😀', false, '日😀'],
    ['a&amp;b&lt;c&gt;&quot;&apos;', false, `a&b<c>"'`],
    ['&#x65E5;&#13;&#x1F600;', false, '日\r😀'],
    ['%26amp%3B', true, '&amp;'],
    ['%0A%00', true, '\n\0'],
  ])('reads the key %j, URL-encoded: %s', (written, isEncoded, key) => {
    const encoding = isEncoded ? '<EncodingType>url</EncodingType>' : '';

    const { objects } = scanned(document(encoding + content({ Key: written })));

    expect([...objects].map((object) => object.key)).toEqual([key]);
  });

  it.each([
    ['2026-02-29T00:00:00.000Z', 'not a time'],
    ['2026-13-01T00:00:00.000Z', 'not a time'],
    ['2026-01-01T24:00:01.000Z', 'not a time'],
    ['2026-01-01', 'not a time'],
    ['7', 'not a time'],
    ['', 'not a time'],
  ])('refuses the time %j', (LastModified, message) => {
    expect(() => scanListPage(document(content({ LastModified })))).toThrow(message);
  });

  it.each([
    ['in one directory', [`a/${UUID}`, `a/${OTHER}`, `a/${UUID.replace('0', 'f')}`]],
    ['at the top', [UUID, OTHER, UUID.replace('0', 'f')]],
    ['in directories of one length', [`a/${UUID}`, `a/${OTHER}`, `b/${UUID}`, `c/${OTHER}`]],
    ['in a directory and in one below it', [`a/${UUID}`, `a/${OTHER}`, `a/${OTHER.slice(0, 7)}/${UUID}`]],
    ['behind the beginning of another one', [`a/${UUID}`, `a/${OTHER}`, `a/${OTHER.slice(0, 8)}${UUID}`]],
    ['but for the first digit', [UUID.slice(1), UUID.slice(1), `a/${UUID.slice(1)}`, `/${UUID.slice(1)}`]],
    ['in capitals, and then not', [`a/${UUID}`, `a/${OTHER.toUpperCase()}`, `a/${OTHER}`, `b/${OTHER}`]],
    ['with an ending, and then not', [`a/${UUID}`, `a/${UUID}.tmp`, `a/${OTHER}`]],
    ['with another sign for a hyphen', [8, 13, 18, 23].flatMap((at) => [`a/${OTHER}`, `a/${withSign(at, '0')}`])],
    ['with a sign that is no digit', [0, 9, 14, 19, 24, 35].flatMap((at) => [`a/${OTHER}`, `a/${withSign(at, 'g')}`])],
  ])('reads keys that end in a UUID %s', (_where, keys) => {
    const { objects } = scanned(document(keys.map((Key) => content({ Key })).join('')));

    expect([...objects].map(({ key }) => key)).toEqual(keys);
  });

  it.each([
    ['begins within an escape', [`a/%61${UUID.slice(1)}`, `a/%61${OTHER.slice(1)}`, `a/%62${UUID.slice(1)}`]],
    ['stands behind a slash that is one', [`a%2F${UUID}`, `a%2F${OTHER}`, `b%2F${UUID}`]],
    ['is in a directory with escapes', [`a%20b/${UUID}`, `a%20b/${OTHER}`, `a+b/${UUID}`]],
    ['ends with an escape', [`a/${UUID}`, `a/${OTHER.slice(0, -1)}%61`, `a/${OTHER.slice(0, -3)}%61`]],
  ])('reads keys of which the UUID %s', (_how, keys) => {
    const page = document(`<EncodingType>url</EncodingType>${keys.map((Key) => content({ Key })).join('')}`);

    const { objects } = scanned(page);

    expect([...objects].map(({ key }) => key)).toEqual(
      keys.map((each) => decodeURIComponent(each.replaceAll('+', ' '))),
    );
  });

  it('reads any time to the millisecond', () => {
    const times = fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.array(times, { maxLength: 9 }), (dates) => {
        const contents = dates.map((date) => content({ LastModified: date.toISOString() })).join('');

        const { objects } = scanned(document(contents));

        expect([...objects].map(({ modified }) => modified)).toEqual(dates.map((date) => date.getTime()));
      }),
      { seed: SEED },
    );
  });

  it.each([
    ['no element at all', '', 'something else where an element should begin'],
    ['an error', '<Error><Code>SlowDown</Code></Error>', 'begins with <Error>'],
    ['a page of a proxy', '<html><body>Bad gateway</body></html>', 'begins with <html>'],
    ['an empty root', '<ListBucketResult/>', 'begins with <ListBucketResult>'],
    ['no word of its end', '<ListBucketResult></ListBucketResult>', 'does not say whether the listing continues'],
    ['something after its end', `${text('')}<x/>`, 'continues after </ListBucketResult>'],
    ['a wrong count', text(`<KeyCount>2</KeyCount>${content()}`), 'declares 2 keys, but contains 1'],
    ['no token to go on with', text('').replace('false', 'true'), 'but has no token for the next page'],
    ['neither true nor false', text('').replace('false', 'no'), 'neither true nor false: no'],
    ['an object without a key', text(content({ Key: '' })), 'an object without a key'],
    ['an object without an ETag', text(content({ ETag: '&quot;&quot;' })), 'has no ETag of k'],
    ['an object without a size', text(content().replace(/<Size>.*<\/Size>/, '')), 'how large k is'],
    ['an object without a time', text(content().replace(/<Last.*dified>/, '')), 'when k was modified'],
    ['a size that is none', text(content({ Size: '1e3' })), 'not a number: 1e3'],
    ['a size beyond all numbers', text(content({ Size: '9007199254740993' })), 'not a number'],
    ['a negative size', text(content({ Size: '-1' })), 'not a number: -1'],
    ['two keys of one object', text(content().replace('<Size>', '<Key>l</Key><Size>')), '<Key> twice'],
    ['a key that is no URL encoding', text(`<EncodingType>url</EncodingType>${content({ Key: '%zz' })}`), '%zz'],
    ['an unknown entity', text(content({ Key: '&nbsp;' })), 'an unknown entity: &nbsp;'],
    ['half an entity', text(content({ Key: 'a&b' })), 'an unknown entity: &b'],
    ['an entity beyond Unicode', text(content({ Key: '&#x110000;' })), 'an unknown entity'],
    ['a malformed common prefix', text('<CommonPrefixes><Key>a</Key></CommonPrefixes>'), 'malformed common prefix'],
    ['an empty common prefix', text('<CommonPrefixes></CommonPrefixes>'), 'an empty common prefix'],
    ['tags that cross', text('<Contents><Owner><ID></Owner></ID></Contents>'), 'does not close <ID>'],
    ['a comment', text('<!-- <Contents> -->'), 'something else'],
    ['an unfinished prolog', '<?xml version="1.0"', 'ends within its first tag'],
  ])('refuses %s', (_what, body, message) => {
    expect(() => scanListPage(Buffer.from(body))).toThrow(BrokenPageError);
    expect(() => scanListPage(Buffer.from(body))).toThrow(message);
  });

  it('refuses bytes that are not UTF-8', () => {
    const body = Buffer.from(text(content({ Key: 'k\u00ff' })), 'latin1');

    expect(() => scanListPage(body)).toThrow('bytes that are not UTF-8');
  });

  it('takes no beginning of a page for a page', () => {
    const whole = Buffer.from(`<?xml version="1.0"?>${text(content() + content({ Key: 'l' }))}`);

    for (let length = 0; length < whole.length; length++) {
      expect(() => scanListPage(whole.subarray(0, length))).toThrow(BrokenPageError);
    }
  });

  it('never loses an object of a page from which a piece was cut', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const whole = text(`<KeyCount>4</KeyCount>${keys.map((Key) => content({ Key })).join('')}`);
    const place = fc.nat(whole.length);
    fc.assert(
      fc.property(place, place, (one, other) => {
        const cut = whole.slice(0, Math.min(one, other)) + whole.slice(Math.max(one, other));

        const found = scannedOrBroken(Buffer.from(cut));

        // Where a whole number of characters of a text went, nobody could know: but the number of objects stays.
        if (found !== 'broken') expect(found).toBe(keys.length);
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  it('reads or refuses garbage, and throws nothing else', () => {
    const pieces = fc.constantFrom(
      '<ListBucketResult>',
      '</ListBucketResult>',
      '<Contents>',
      '</Contents>',
      '<Key>',
      '</Key>',
      '<Size>1</Size>',
      '<IsTruncated>false</IsTruncated>',
      '<',
      '>',
      '/>',
      '&',
      'é',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(scannedOrBroken(Buffer.from(parts.join('')))).toBeDefined();
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});

/** A page with its objects as an array. */
function scanned(body: Uint8Array): ListPage {
  const page = scanListPage(body);
  return { ...page, objects: [...page.objects] };
}

function scannedOrBroken(body: Uint8Array): number | 'broken' {
  try {
    return scanListPage(body).objects.length;
  } catch (error) {
    if (error instanceof BrokenPageError) return 'broken';
    throw error;
  }
}

/** The UUID with another sign at one place. */
function withSign(at: number, sign: string): string {
  return UUID.slice(0, at) + sign + UUID.slice(at + 1);
}

function content(changes: Readonly<Record<string, string>> = {}): string {
  const fields = { Key: 'k', LastModified: '2026-01-02T03:04:05.000Z', ETag: '&quot;e&quot;', Size: '1', ...changes };
  const elements = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<Contents>${elements.join('')}</Contents>`;
}

function text(inner: string): string {
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${inner}</ListBucketResult>`;
}

function document(inner: string): Buffer {
  return Buffer.from(text(inner));
}
