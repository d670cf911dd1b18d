import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect } from 'vitest';
import { compareKeys } from '#core/key-order.ts';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';
import { putAll } from '#test/s3-contract/put-all.ts';

const SEED = 20_260_301;

interface Listed {
  readonly keys: readonly string[];
  readonly folders: readonly string[];
  readonly truncated: boolean;
  readonly token: string | undefined;
}

async function list({ client, bucket }: Place, input: Partial<ListObjectsV2CommandInput> = {}): Promise<Listed> {
  const answer = await client.send(new ListObjectsV2Command({ Bucket: bucket, ...input }));
  const { Contents = [], CommonPrefixes = [], IsTruncated, NextContinuationToken, KeyCount } = answer;
  expect(KeyCount).toBe(Contents.length + CommonPrefixes.length);
  return {
    keys: Contents.map(({ Key = '' }) => Key),
    folders: CommonPrefixes.map(({ Prefix = '' }) => Prefix),
    truncated: IsTruncated ?? false,
    token: NextContinuationToken,
  };
}

/** All pages, laid end to end. */
async function listAll(place: Place, input: Partial<ListObjectsV2CommandInput>): Promise<Listed & { pages: number }> {
  const keys: string[] = [];
  const folders: string[] = [];
  let token: string | undefined;
  for (let pages = 1; ; pages++) {
    const page = await list(place, { ...input, ...(token === undefined ? {} : { ContinuationToken: token }) });
    keys.push(...page.keys);
    folders.push(...page.folders);
    if (!page.truncated) return { keys, folders, truncated: false, token: undefined, pages };
    expect(page.keys.length + page.folders.length).toBe(input.MaxKeys);
    ({ token } = page);
  }
}

const JOB = [
  'j/chk-10/_metadata',
  'j/chk-10/a',
  'j/chk-9/_metadata',
  'j/shared/0',
  'j/shared/1',
  'j/shared/2',
  'j2',
  'k/x',
];

export function listingContract(check: Check): void {
  check('lists nothing in an empty bucket', async (place) => {
    expect(await list(place)).toEqual({ keys: [], folders: [], truncated: false, token: undefined });
  });

  check('gives key, size, quoted ETag, time and storage class', async (place) => {
    // Prepare
    await putAll(place, ['a'], 'four');

    // Act
    const { Contents = [] } = await place.client.send(new ListObjectsV2Command({ Bucket: place.bucket }));

    // Assess
    const [{ LastModified, ...rest } = {}] = Contents;
    expect(rest).toMatchObject({
      Key: 'a',
      Size: 4,
      ETag: '"8cbad96aced40b3838dd9f07f6ef5772"',
      StorageClass: 'STANDARD',
    });
    expect(Math.abs((LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
  });

  check('orders keys by their UTF-8 bytes', async (place) => {
    const keys = ['B', 'a', 'a!', 'a/', 'a0', 'é', '\uffee', '\u{10000}', '\u{1f600}'];
    await putAll(place, keys.toReversed());

    expect((await list(place)).keys).toEqual(keys);
  });

  check('lists what begins with a prefix', async (place) => {
    await putAll(place, JOB);

    expect((await list(place, { Prefix: 'j/chk-' })).keys).toEqual(JOB.slice(0, 3));
    expect((await list(place, { Prefix: 'z' })).keys).toEqual([]);
  });

  check('folds at a delimiter behind the prefix', async (place) => {
    await putAll(place, JOB);

    const top = await list(place, { Delimiter: '/' });
    const job = await list(place, { Prefix: 'j/', Delimiter: '/' });
    const halfName = await list(place, { Prefix: 'j/chk-1', Delimiter: '/' });

    expect(top).toMatchObject({ keys: ['j2'], folders: ['j/', 'k/'] });
    expect(job).toMatchObject({ keys: [], folders: ['j/chk-10/', 'j/chk-9/', 'j/shared/'] });
    expect(halfName).toMatchObject({ keys: [], folders: ['j/chk-10/'] });
  });

  check('folds at a delimiter of several characters', async (place) => {
    await putAll(place, ['a--b', 'a-b', 'c--', 'd']);

    expect(await list(place, { Delimiter: '--' })).toMatchObject({ keys: ['a-b', 'd'], folders: ['a--', 'c--'] });
  });

  check('begins behind start-after, which need not exist', async (place) => {
    await putAll(place, JOB);

    expect((await list(place, { StartAfter: 'j/shared/1' })).keys).toEqual(['j/shared/2', 'j2', 'k/x']);
    expect((await list(place, { StartAfter: 'j/shared/11' })).keys).toEqual(['j/shared/2', 'j2', 'k/x']);
    expect((await list(place, { StartAfter: 'z' })).keys).toEqual([]);
    expect((await list(place, { Prefix: 'j/', StartAfter: 'a' })).keys).toEqual(JOB.slice(0, 6));
    expect((await list(place, { Prefix: 'j/', StartAfter: 'j/shared/2' })).keys).toEqual([]);
  });

  check('compares start-after with the names of folders, not with what is in them', async (place) => {
    await putAll(place, JOB);
    const folders = async (StartAfter: string) =>
      (await list(place, { Prefix: 'j/', Delimiter: '/', StartAfter })).folders;

    expect(await folders('j/chk-9')).toEqual(['j/chk-9/', 'j/shared/']);
    expect(await folders('j/chk-9/')).toEqual(['j/shared/']);
    expect(await folders('j/chk-9/_')).toEqual(['j/shared/']);
  });

  check('goes on from page to page without gap and without overlap', async (place) => {
    await putAll(place, JOB);

    for (const MaxKeys of [1, 2, 3, 7]) {
      const all = await listAll(place, { MaxKeys });
      expect(all.keys).toEqual(JOB);
      expect(all.pages).toBe(Math.ceil(JOB.length / MaxKeys));
    }
  });

  check('counts folders as keys when it makes pages', async (place) => {
    await putAll(place, JOB);

    for (const MaxKeys of [1, 2]) {
      const { keys, folders } = await listAll(place, { MaxKeys, Delimiter: '/' });
      expect({ keys, folders }).toEqual({ keys: ['j2'], folders: ['j/', 'k/'] });
    }
  });

  check('does not call a full page truncated when nothing follows', async (place) => {
    await putAll(place, JOB);

    expect(await list(place, { MaxKeys: JOB.length })).toMatchObject({ keys: JOB, truncated: false });
  });

  check('gives at most 1,000 keys, however many are asked for', async (place) => {
    await putAll(
      place,
      Array.from({ length: 1_001 }, (_, n) => String(n).padStart(4, '0')),
    );

    const page = await list(place, { MaxKeys: 5_000 });

    expect(page).toMatchObject({ truncated: true });
    expect(page.keys).toHaveLength(1_000);
    expect((await list(place, { ContinuationToken: page.token })).keys).toEqual(['1000']);
  });

  check('answers no keys with no keys', async (place) => {
    await putAll(place, ['a']);

    expect(await list(place, { MaxKeys: 0 })).toMatchObject({ keys: [], truncated: false });
  });

  check('refuses a token that it never gave', async ({ client, bucket }) => {
    const request = client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: 'not-a-token' }));

    expect(await failureOf(request)).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  check('encodes names for a URL where asked to, with a plus sign for a space', async (place) => {
    // Prepare
    await putAll(place, ['p q/a b+c%&<é\u{1f600}', 'p q/d~(e)*!']);

    // Act
    const { Contents, Prefix, CommonPrefixes, EncodingType } = await place.client.send(
      new ListObjectsV2Command({ Bucket: place.bucket, Prefix: 'p q/', Delimiter: '!', EncodingType: 'url' }),
    );

    // Assess
    expect(EncodingType).toBe('url');
    expect(Prefix).toBe('p+q/');
    expect(Contents?.map(({ Key }) => Key)).toEqual(['p+q/a+b%2Bc%25%26%3C%C3%A9%F0%9F%98%80']);
    expect(CommonPrefixes?.map((each) => each.Prefix)).toEqual(['p+q/d%7E%28e%29*%21']);
  });

  check('lists for old clients with a marker', async (place) => {
    // Prepare
    await putAll(place, JOB);
    const { client, bucket: Bucket } = place;

    // Act
    const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1 }));
    const second = await client.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 5, Marker: first.NextMarker }),
    );

    // Assess
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: 'j/' }], IsTruncated: true });
    expect(second).toMatchObject({ Contents: [{ Key: 'j2' }], CommonPrefixes: [{ Prefix: 'k/' }], IsTruncated: false });
  });

  check('lists whatever a sorted list of strings would give', async (place) => {
    // Prepare
    const keyPart = fc.constantFrom('a', 'b', 'b c', '/', '-', 'é', '\u{1f600}', '\uffee');
    const keys = [
      ...new Set(
        fc.sample(
          fc.array(keyPart, { minLength: 1, maxLength: 5 }).map((parts) => `k${parts.join('')}`),
          { numRuns: 60, seed: SEED },
        ),
      ),
    ]
      // An empty name between two slashes is an odd key, which not every server keeps.
      .filter((key) => !key.includes('//'))
      .sort(compareKeys);
    await putAll(place, keys);
    const some = fc.oneof(fc.constant(''), fc.constantFrom(...keys), fc.constantFrom('k', 'ka', 'kb', 'k/'));

    // Act, Assess
    await fc.assert(
      fc.asyncProperty(some, some, fc.constantFrom('', '/'), fc.nat(3), async (Prefix, StartAfter, Delimiter, size) => {
        const input = {
          Prefix,
          MaxKeys: size * 7 + 3,
          ...(StartAfter === '' ? {} : { StartAfter }),
          ...(Delimiter === '' ? {} : { Delimiter }),
        };
        const { keys: listed, folders } = await listAll(place, input);
        const cut = (key: string) => (Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length));
        const below = keys.filter((key) => key.startsWith(Prefix));
        const isBehind = (name: string) => compareKeys(name, StartAfter) > 0;
        const folded = new Set(below.filter((key) => cut(key) >= 0).map((key) => key.slice(0, cut(key) + 1)));
        expect(listed).toEqual(below.filter((key) => cut(key) < 0 && isBehind(key)));
        expect(folders).toEqual([...folded].filter(isBehind));
      }),
      { numRuns: 40, seed: SEED },
    );
  });
}
