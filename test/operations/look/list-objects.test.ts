import { describe, expect, it } from 'vitest';
import { Area, type AreaLocation } from '#core/area/area.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { CompactPage, type PageEntry } from '#core/inventory/compact-page.ts';
import { listObjects } from '#operations/look/list-objects.ts';
import type { ListedPage, ObjectStore } from '#ports/object-store.ts';
import { compactPageOf } from '#test/support/compact-pages.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const UUIDS = ['0a1b2c3d', '1b2c3d4e', '2c3d4e5f'].map((start) => `${start}-4e5f-4a6b-8c7d-9e0f1a2b3c4d`);
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

const bucket: AreaLocation = { name: 's3://b/top/', store: 's3://b', prefix: 'top/', hidden: 0 };
const directory: AreaLocation = { ...bucket, hidden: 'top/'.length };
/** Below the prefix, in order, and of different sizes and times. */
const ENTRIES: readonly PageEntry[] = [
  MARKER_NAME,
  `${JOB}/${MARKER_NAME}`,
  `${JOB}/chk-1/${UUIDS[0]}`,
  `${JOB}/chk-1/_metadata`,
  `${JOB}/shared/${UUIDS[1]}`,
  `${JOB}/shared/${UUIDS[2]}`,
  '_metadata',
].map((key, place) => ({ key, bytes: 10 + place, modified: 1_000 * place, etag: `${MD5}-${place + 1}` }));

/** A listing of some pages, and what comes of it. */
async function listed(location: AreaLocation, pages: readonly ListedPage[]) {
  async function* list() {
    yield* pages;
  }
  const progress: unknown[] = [];
  const { objects, ...rest } = await listObjects(
    new Area([location]),
    [{ location: 0, store: { list } as unknown as ObjectStore }],
    { onPage: (page) => progress.push(page) },
  );
  const rows = Array.from({ length: objects.size }, (_, object) => ({
    key: objects.key(object),
    bytes: objects.bytes(object),
    modified: objects.modified(object),
    etag: objects.etag(object),
  }));
  return { rows, progress, ...rest };
}

/** The entries as a store names them that does, or does not, know the prefix. */
function entriesIn({ prefix, hidden }: AreaLocation): readonly PageEntry[] {
  return ENTRIES.map((entry) => ({ ...entry, key: prefix.slice(hidden) + entry.key }));
}

describe('a listing of all objects', () => {
  it.each([
    ['a bucket', bucket],
    ['a store that does not know what is above its keys', directory],
  ])('shows objects, roots and markers of %s, whether its pages are arrays or columns', async (_what, location) => {
    // Prepare
    const entries = entriesIn(location);
    const [arrays, columns] = [(some: readonly PageEntry[]): ListedPage => some, compactPageOf];

    // Act
    const [ofArrays, ofColumns] = await Promise.all(
      [arrays, columns].map((pageOf) => listed(location, [pageOf(entries.slice(0, 5)), pageOf(entries.slice(5))])),
    );

    // Assess
    expect(ofColumns?.rows).toEqual(ENTRIES.map((entry) => ({ ...entry, key: `top/${entry.key}` })));
    expect(ofColumns?.listedRoots).toEqual(
      [3, 6].map((place) => ({ location: 0, ...ENTRIES[place], key: `top/${ENTRIES[place]?.key}` })),
    );
    expect(ofColumns?.markers).toEqual([{ location: 0, key: `top/${JOB}/${MARKER_NAME}` }]);
    expect(ofColumns?.progress).toEqual([
      { objects: 5, bytes: 60, roots: 1 },
      { objects: 2, bytes: 31, roots: 2 },
    ]);
    expect(ofArrays).toEqual(ofColumns);
  });

  it('gives the memory of each page back once it has taken all of it', async () => {
    const page = compactPageOf(entriesIn(bucket));

    await listed(bucket, [page]);

    expect(page).toBeInstanceOf(CompactPage);
    expect(() => page.at(0)).toThrow('was released');
  });
});
