import { Buffer } from 'node:buffer';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '#core/key-order.ts';
import { type Children, type KeyRange, type ListedObject, type ObjectStore, StoreError } from '#ports/object-store.ts';

/** One adapter, for {@link describeObjectStore}. What it makes it also takes away again after the test. */
export interface ObjectStoreFactory {
  /** A new place that holds exactly these objects, content by key. */
  place(objects: Readonly<Record<string, string>>): Promise<PlaceUnderTest>;
  /** A store over a place that does not exist. */
  noPlace(): Promise<ObjectStore>;
}

export interface PlaceUnderTest {
  readonly store: ObjectStore;
  put(key: string, content: string): Promise<void>;
}

const SEED = 20_260_102;
const RUNS = 40;

/** The objects of a small job, in the order of their keys. */
const JOB = {
  'flink/job-1/chk-10/_metadata': 'root ten',
  'flink/job-1/chk-9/_metadata': 'root nine',
  'flink/job-1/shared/0a': 'sst',
  'flink/job-1-copy': 'a file beside a folder',
  'flink/job-1.txt': 'another',
  'flink/job-10/chk-1/_metadata': 'one',
  top: '',
};
const JOB_IN_ORDER = [
  'flink/job-1-copy',
  'flink/job-1.txt',
  'flink/job-1/chk-10/_metadata',
  'flink/job-1/chk-9/_metadata',
  'flink/job-1/shared/0a',
  'flink/job-10/chk-1/_metadata',
  'top',
];

const ODD_KEYS = [
  ' leading and trailing ',
  '%2F',
  '%zz',
  '.hidden',
  '...',
  'a b+c&d=e?f#g',
  'back\\slash',
  'q"uote\'s<tag>',
  'new\nline',
  'tab\t',
  'é',
  'e\u0301',
  '日本/チェック',
  '\u{1f600}',
  '\uffee',
  '*[x]{y}',
  '~',
];

/**
 * What every {@link ObjectStore} must do. An adapter that passes can stand for another one.
 */
export function describeObjectStore(name: string, factory: ObjectStoreFactory): void {
  describe(`${name} as an object store`, () => {
    describe('list', () => {
      it('gives every object once, and within a page in the order of its UTF-8 bytes', async () => {
        const { store } = await factory.place(JOB);

        expect(await keysOf(store, { prefix: '' })).toEqual(JOB_IN_ORDER);
      });

      it('gives size, time and ETag', async () => {
        const { store } = await factory.place({ a: 'four', b: '' });

        const objects = await listAll(store, { prefix: '' });

        expect(objects.map(({ key, bytes, special }) => ({ key, bytes, special }))).toEqual([
          { key: 'a', bytes: 4, special: undefined },
          { key: 'b', bytes: 0, special: undefined },
        ]);
        for (const { modified, etag } of objects) {
          expect(Number.isInteger(modified)).toBe(true);
          expect(etag).toMatch(/^[^"\s]+$/);
        }
      });

      it.each([
        ['flink/job-1/', JOB_IN_ORDER.slice(2, 5)],
        ['flink/job-1', JOB_IN_ORDER.slice(0, 6)],
        ['flink/job-1/chk', JOB_IN_ORDER.slice(2, 4)],
        ['flink/job-1.txt', ['flink/job-1.txt']],
        ['flink/job-1.txt/', []],
        ['t', ['top']],
        ['nothing/at/all', []],
        ['/', []],
        ['flink//', []],
        ['flink/../', []],
      ])('takes %j as the beginning of keys', async (prefix, expected) => {
        const { store } = await factory.place(JOB);

        expect(await keysOf(store, { prefix })).toEqual(expected);
      });

      it('leaves out what is not greater than `after` or greater than `until`', async () => {
        const { store } = await factory.place(JOB);

        const range = { prefix: 'flink/', after: 'flink/job-1.txt', until: 'flink/job-1/shared/0a' };

        expect(await keysOf(store, range)).toEqual(JOB_IN_ORDER.slice(2, 5));
      });

      it.each([0, 3, 5_000])('gives all of a range, though %i keys were expected', async (expected) => {
        const many = Object.fromEntries(Array.from({ length: 150 }, (_, number) => [`many/${number}`, '']));
        const { store } = await factory.place({ ...JOB, ...many });
        const keys: string[] = [];

        for await (const page of store.list({ prefix: '', until: 'many/98' }, { expected })) {
          for (const { key } of page) keys.push(key);
        }

        const inOrder = [...JOB_IN_ORDER.slice(0, -1), ...Object.keys(many).sort(compareKeys)];
        expect(keys).toEqual(inOrder.slice(0, inOrder.indexOf('many/98') + 1));
      });

      it('gives nothing for an empty place', async () => {
        const { store } = await factory.place({});

        expect(await keysOf(store, { prefix: '' })).toEqual([]);
      });

      it('gives more objects than one page holds, without gap or overlap', async () => {
        const keys = Array.from({ length: 1_205 }, (_, index) => `shared/${String(index).padStart(5, '0')}`);
        const { store } = await factory.place(Object.fromEntries(keys.map((key) => [key, ''])));

        expect(await keysOf(store, { prefix: 'shared/' })).toEqual(keys);
      });

      it('covers any place without gap or overlap by ranges laid end to end', async () => {
        await fc.assert(
          fc.asyncProperty(anyKeys, fc.array(anyKey, { maxLength: 4 }), anyPrefix, async (keys, cuts, prefix) => {
            // Prepare
            const { store } = await factory.place(Object.fromEntries(keys.map((key) => [key, key])));
            const borders = [...new Set(cuts)].sort(compareKeys);

            // Act
            const ranges = [undefined, ...borders].map((after, index) => rangeOf(prefix, after, borders[index]));
            const parts = await Promise.all(ranges.map((range) => keysOf(store, range)));

            // Assess
            const expected = keys.filter((key) => key.startsWith(prefix)).sort(compareBytes);
            expect(parts.flat()).toEqual(expected);
            expect(await keysOf(store, { prefix })).toEqual(expected);
          }),
          { seed: SEED, numRuns: RUNS },
        );
      });

      it('rejects when it is aborted, before and between pages', async () => {
        const { store } = await factory.place(JOB);
        const abort = new AbortController();
        const begun = store.list({ prefix: '' }, { signal: abort.signal })[Symbol.asyncIterator]();
        await begun.next();

        abort.abort();

        await expect(begun.next()).rejects.toThrow();
        await expect(listAll(store, { prefix: '' }, abort.signal)).rejects.toThrow();
      });
    });

    describe('children', () => {
      it.each([
        ['', { folders: ['flink/'], objects: ['top'] }],
        ['flink/', { folders: ['flink/job-1/', 'flink/job-10/'], objects: ['flink/job-1-copy', 'flink/job-1.txt'] }],
        ['flink/job-1/chk-9/', { folders: [], objects: ['flink/job-1/chk-9/_metadata'] }],
        ['flink/none/', { folders: [], objects: [] }],
        ['top/', { folders: [], objects: [] }],
      ])('gives what is directly below %j', async (prefix, expected) => {
        const { store } = await factory.place(JOB);

        const { folders, objects } = await childrenOf(store, prefix);

        expect({ folders, objects: objects.map((object) => object.key) }).toEqual(expected);
      });

      it('gives objects as a listing does', async () => {
        const { store } = await factory.place(JOB);

        const { objects } = await childrenOf(store, 'flink/');

        const listed = await listAll(store, { prefix: 'flink/job-1' });
        expect(objects).toEqual(listed.slice(0, 2));
      });

      it('gives more children than one page holds', async () => {
        const names = Array.from({ length: 1_205 }, (_, index) => String(index).padStart(5, '0'));
        const { store } = await factory.place(Object.fromEntries(names.map((name) => [`job/${name}/f`, ''])));

        const { folders } = await childrenOf(store, 'job/');

        expect(folders).toEqual(names.map((name) => `job/${name}/`));
      });

      it('agrees with the listing about any place', async () => {
        await fc.assert(
          fc.asyncProperty(anyKeys, anyFolder, async (keys, prefix) => {
            const { store } = await factory.place(Object.fromEntries(keys.map((key) => [key, ''])));

            const { folders, objects } = await childrenOf(store, prefix);

            const below = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
            const expectedFolders = below.filter((rest) => rest.includes('/')).map((rest) => rest.split('/')[0]);
            const expectedFiles = below.filter((rest) => !rest.includes('/'));
            expect(folders).toEqual(
              [...new Set(expectedFolders)].map((name) => `${prefix}${name}/`).sort(compareBytes),
            );
            expect(objects.map(({ key }) => key)).toEqual(expectedFiles.map((f) => prefix + f).sort(compareBytes));
          }),
          { seed: SEED, numRuns: RUNS },
        );
      });

      it('rejects when it is aborted', async () => {
        const { store } = await factory.place(JOB);

        const children = store.children('', { signal: AbortSignal.abort() })[Symbol.asyncIterator]();

        await expect(children.next()).rejects.toThrow();
      });
    });

    describe('read', () => {
      it('gives content, size and the ETag of the listing', async () => {
        const { store } = await factory.place(JOB);
        const [listed] = await listAll(store, { prefix: 'flink/job-1.txt' });

        const read = await store.read('flink/job-1.txt');

        expect(read).toMatchObject({ found: true, bytes: 7, etag: listed?.etag });
        expect(await textOf(read)).toBe('another');
      });

      it.each(['none', 'flink/none', 'flink', 'flink/job-1', 'top/below', 'flink/job-1/chk-9/_metadat'])(
        'says that there is no object %j',
        async (key) => {
          const { store } = await factory.place(JOB);

          expect(await store.read(key)).toEqual({ found: false });
        },
      );

      it('gives an empty object', async () => {
        const { store } = await factory.place(JOB);

        const read = await store.read('top');

        expect(read).toMatchObject({ found: true, bytes: 0 });
        expect(await textOf(read)).toBe('');
      });

      it.each([
        [{ from: 0, to: 0 }, '0'],
        [{ from: 3, to: 5 }, '345'],
        [{ from: 7 }, '789'],
        [{ to: 2 }, '012'],
        [{ from: 8, to: 400 }, '89'],
      ])('gives the part %j, and the size of the whole', async (part, expected) => {
        const { store } = await factory.place({ digits: '0123456789' });

        const read = await store.read('digits', part);

        expect(read).toMatchObject({ found: true, bytes: 10 });
        expect(await textOf(read)).toBe(expected);
      });

      it('gives an object of several chunks whole', async () => {
        const content = Array.from({ length: 100_000 }, (_, index) => index.toString(36).padStart(8, '.')).join('');
        const { store } = await factory.place({ big: content });

        const text = await textOf(await store.read('big'));

        expect(text.length).toBe(800_000);
        expect(text === content).toBe(true);
      });

      it('gives another ETag once the object has been replaced', async () => {
        const { store, put } = await factory.place({ a: 'one' });
        const before = await etagOf(store, 'a');

        await put('a', 'two');

        expect(await etagOf(store, 'a')).not.toBe(before);
      });

      it('rejects when it is aborted', async () => {
        const { store } = await factory.place(JOB);

        await expect(store.read('top', { signal: AbortSignal.abort() })).rejects.toThrow();
      });
    });

    it.each(ODD_KEYS)('keeps the name %j through listing, children and read', async (key) => {
      // Prepare
      const { store } = await factory.place({ [`folder/${key}`]: key, other: '' });

      // Act
      const listed = await keysOf(store, { prefix: 'folder/' });
      const read = await store.read(`folder/${key}`);
      const folders = (await childrenOf(store, 'folder/')).folders;

      // Assess
      expect(listed).toEqual([`folder/${key}`]);
      expect(await textOf(read)).toBe(key);
      expect(folders).toEqual(key.includes('/') ? [`folder/${key.split('/')[0]}/`] : []);
    });

    it('fails for a place that does not exist, whatever is asked', async () => {
      const store = await factory.noPlace();

      const failures = await Promise.all([
        failureOf(() => listAll(store, { prefix: '' })),
        failureOf(() => listAll(store, { prefix: 'flink/' })),
        failureOf(() => childrenOf(store, '')),
        failureOf(() => store.read('a/_metadata')),
      ]);

      expect(failures.map((error) => error instanceof StoreError && error.code)).toEqual(
        Array.from({ length: 4 }, () => 'no-such-place'),
      );
    });
  });
}

/** All objects of a range, in the order of their keys, whatever the order of the pages; each page must be in order. */
export async function listAll(store: ObjectStore, range: KeyRange, signal?: AbortSignal): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const page of store.list(range, signal ? { signal } : {})) {
    const keys = Array.from(page, ({ key }) => key);
    expect(keys).toEqual(keys.toSorted(compareBytes));
    objects.push(...page);
  }
  return objects.sort((a, b) => compareBytes(a.key, b.key));
}

export async function keysOf(store: ObjectStore, range: KeyRange): Promise<string[]> {
  return (await listAll(store, range)).map((object) => object.key);
}

export async function childrenOf(store: ObjectStore, prefix: string): Promise<Children> {
  const pages: Children[] = [];
  for await (const page of store.children(prefix)) pages.push(page);
  return { folders: pages.flatMap((page) => page.folders), objects: pages.flatMap((page) => page.objects) };
}

/** The content of an object that must be there. */
export async function textOf(read: Awaited<ReturnType<ObjectStore['read']>>): Promise<string> {
  if (!read.found) throw new Error('The object was not found.');
  return await text(read.chunks);
}

/** What a call failed with; a call that ends well fails the test. */
export async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('The call ended well, and should have failed.');
}

async function etagOf(store: ObjectStore, key: string): Promise<string> {
  const read = await store.read(key);
  await textOf(read);
  return read.found ? read.etag : '';
}

function rangeOf(prefix: string, after: string | undefined, until: string | undefined): KeyRange {
  return { prefix, ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Few names, around the places where orders differ: beside `/` and beyond U+FFFF. */
const anyName = fc.constantFrom(
  'a',
  'a-',
  'a.',
  'a0',
  'aa',
  'B',
  'é',
  '\uffee',
  '\u{1f600}',
  'a b',
  '%2F',
  '_metadata',
);
const anyKey = fc.array(anyName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** No key is the folder of another one, which a bucket could hold and a file system could not. */
const anyKeys = fc
  .uniqueArray(anyKey, { maxLength: 14 })
  .map((keys) => keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`))));
const anyPrefix = fc.oneof(
  fc.constant(''),
  anyKey,
  anyKey.map((key) => `${key}/`),
  anyKey.map((key) => key.slice(0, key.indexOf('/') + 2)).filter((prefix) => !/\p{Cs}/u.test(prefix)),
);
const anyFolder = fc.oneof(
  fc.constant(''),
  anyKey.map((key) => `${key}/`),
);
