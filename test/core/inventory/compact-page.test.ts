import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompactPage, PageBuilder, type PageEntry, PageMemory } from '#core/inventory/compact-page.ts';
import { STORAGE_CLASSES } from '#core/inventory/storage-class.ts';
import { compareKeys } from '#core/key-order.ts';
import { compactPageOf } from '#test/support/compact-pages.ts';

const SEED = 20_261_201;
const UUID = 'f0a1b2c3-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const IS_UUID = /(?:^|\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const uuid = fc.oneof(fc.uuid(), fc.constantFrom(UUID, UUID.replace('f', '0'), UUID.replace('-4', '-0')));
const key = fc
  .tuple(
    fc.constantFrom('', '/', 'a/', 'b/', 'a/b/', 'é/'),
    fc.oneof({ weight: 3, arbitrary: uuid }, fc.constantFrom('_metadata', '', UUID.toUpperCase(), `${UUID}.tmp`)),
  )
  .map(([directory, name]) => directory + name);
const entry: fc.Arbitrary<PageEntry> = fc.record(
  {
    key,
    bytes: fc.constantFrom(0, 1, 64_000_000, Number.MAX_SAFE_INTEGER),
    modified: fc.constantFrom(0, 1_800_000_000_000, 1_800_000_000_123, -1),
    etag: fc.constantFrom(MD5, `${MD5}-1`, `${MD5}-255`, `${MD5}-256`, 'e', '', MD5.toUpperCase()),
    storage: fc.constantFrom('archived' as const, 'tiering' as const),
    storageClass: fc.constantFrom(...STORAGE_CLASSES),
  },
  { requiredKeys: ['key', 'bytes', 'modified', 'etag'] },
);

function plain(of: string, bytes = 1): PageEntry {
  return { key: of, bytes, modified: 0, etag: MD5 };
}

describe('a page in columns', () => {
  it('gives back what was put in, as an array does', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.nat(12), fc.nat(12), (entries, start, end) => {
        const page = compactPageOf(entries);

        expect(page.length).toBe(entries.length);
        expect([...page]).toEqual(entries);
        for (let place = -entries.length - 1; place <= entries.length; place++) {
          expect(page.at(place)).toEqual(entries.at(place));
        }
        expect([...page.slice(start, end)]).toEqual(entries.slice(start, end));
        expect([...page.slice(1, 9).slice(1, 5)]).toEqual(entries.slice(1, 9).slice(1, 5));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('tells whether its keys are in order, what ends in no UUID, and how many bytes it has', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { maxLength: 8, selector: (one) => one.key }),
        fc.boolean(),
        (drawn, sorted) => {
          const entries = sorted ? drawn.toSorted((a, b) => compareKeys(a.key, b.key)) : drawn;
          const page = compactPageOf(entries);

          const follows = (one: PageEntry, at: number) =>
            at === 0 || compareKeys(entries[at - 1]?.key ?? '', one.key) < 0;
          const hasNoUuid = (one: PageEntry) => !IS_UUID.test(one.key);
          expect(page.isInOrder).toBe(entries.every(follows));
          expect(page.withoutUuid()).toEqual(entries.filter(hasNoUuid));
          expect(page.slice(2, 5).withoutUuid()).toEqual(entries.slice(2, 5).filter(hasNoUuid));
          expect(page.totalBytes()).toBe(entries.reduce((sum, { bytes }) => sum + bytes, 0));
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is not in order where a key comes twice', () => {
    expect(compactPageOf([plain(`a/${UUID}`), plain(`a/${UUID}`)]).isInOrder).toBe(false);
    expect(compactPageOf([plain('a/x'), plain('a/x')]).isInOrder).toBe(false);
  });

  it('is in no order in its parts either where it is in none', () => {
    const page = compactPageOf(['b', 'a', 'c'].map((name) => plain(name)));

    expect(page.slice(0, 2).isInOrder).toBe(false);
  });

  it('has no objects in a part that ends before it begins', () => {
    expect(compactPageOf([plain('a'), plain('b')]).slice(2, 1).length).toBe(0);
  });

  it('takes more objects than S3 puts into a page', () => {
    const entries = Array.from({ length: 2_501 }, (_, place) => plain(`a/${place}`, place));

    expect([...compactPageOf(entries)]).toEqual(entries);
  });

  it('keeps the parts of its directories and its names apart that are told as words', () => {
    const builder = new PageBuilder();
    builder.begin(1, 2, {});
    const directory = builder.key(`a/${UUID}`);
    builder.etag(MD5);
    builder.begin(3, 4, { storageClass: 'STANDARD_IA' });
    builder.uuid(directory, { a: -1, b: 0x4e5f4a6b, c: -2, d: 1 });
    builder.md5({ a: -1, b: 0, c: 1, d: -2, parts: 7 });

    expect(directory).toBe(0);
    expect([...builder.page()]).toEqual([
      { key: `a/${UUID}`, bytes: 1, modified: 2, etag: MD5 },
      {
        key: 'a/ffffffff-4e5f-4a6b-ffff-fffe00000001',
        bytes: 3,
        modified: 4,
        etag: 'ffffffff0000000000000001fffffffe-7',
        storageClass: 'STANDARD_IA',
      },
    ]);
  });
});

describe('the memory of pages', () => {
  const asked: readonly [string, (page: CompactPage) => unknown][] = [
    ['an entry', (page) => page.at(0)],
    ['all entries', (page) => [...page]],
    ['those without a UUID', (page) => page.withoutUuid()],
    ['the bytes', (page) => page.totalBytes()],
    ['a directory', (page) => page.directory(0)],
    ['a word of a name', (page) => page.nameWord(0, 0)],
    ['a word of an ETag', (page) => page.etagWord(0, 0)],
    ['the time', (page) => page.modified(0)],
  ];

  it.each(asked)('is not read once a page was released: %s', (_what, ask) => {
    const page = compactPageOf([plain(`a/${UUID}`), plain('a/_metadata')]);
    const part = page.slice(0, 2);

    page.release();

    expect(() => ask(page)).toThrow('was released');
    expect(() => ask(part)).toThrow('was released');
  });

  it('serves a later page, and leaves the pages that were not released alone', () => {
    // Prepare
    const memory = new PageMemory();
    const kept = compactPageOf([plain(`a/${UUID}`)], memory);
    const first = compactPageOf([plain(`b/${UUID}`)], memory);
    first.release();

    // Act
    const second = compactPageOf([plain(`c/${UUID}`, 7), plain('c/x')], memory);
    first.release();
    const third = compactPageOf([plain(`d/${UUID}`)], memory);

    // Assess
    expect([...kept]).toEqual([plain(`a/${UUID}`)]);
    expect([...second]).toEqual([plain(`c/${UUID}`, 7), plain('c/x')]);
    expect([...third]).toEqual([plain(`d/${UUID}`)]);
    expect(() => first.at(0)).toThrow('was released');
  });

  it('is taken again as it was given', () => {
    const memory = new PageMemory();
    const block = memory.take();

    memory.give(block);

    expect(memory.take()).toBe(block);
    expect(memory.take()).not.toBe(block);
  });

  it('is kept for a page of the usual size, and for sixty-four of them', () => {
    const memory = new PageMemory();
    const large = compactPageOf(
      Array.from({ length: 1_001 }, (_, place) => plain(`${place}`)),
      memory,
    );
    const blocks = Array.from({ length: 70 }, () => memory.take());

    large.release();
    for (const block of blocks) memory.give(block);

    const again = Array.from({ length: 70 }, () => memory.take());
    expect(again.filter((block) => blocks.includes(block)).length).toBe(64);
    expect(again.every(({ numbers }) => numbers.length === 2_000)).toBe(true);
  });
});
