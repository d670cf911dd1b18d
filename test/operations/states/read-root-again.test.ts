import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { Area } from '#core/area/area.ts';
import { type Root, unreadRoot } from '#core/collect/roots.ts';
import { readRootAgain } from '#operations/states/read-root-again.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const KEY = 'chk-7/_metadata';
const AREA = new Area([{ name: 's3://b', store: 's3://b', prefix: '', hidden: 0 }]);
const CHECKPOINT = incrementalCheckpoint({ id: 7, shared: [{ path: 's3://b/shared/x', bytes: 5 }] });

async function listed(content: Buffer) {
  const directory = await makeDirectory({ [KEY]: content });
  const store = new LocalDirectory(directory);
  const outcome = await store.read(KEY);
  if (!outcome.found) throw new Error('It is not there.');
  const { etag, bytes, modified: completed } = outcome;
  await outcome.chunks[Symbol.asyncIterator]().return?.();
  const root = unreadRoot({ location: 0, key: KEY, etag, bytes, completed, object: 0, late: false, writtenOff: false });
  return { file: join(directory, KEY), store, root };
}

async function read(store: LocalDirectory, root: Root) {
  const paths: string[] = [];
  const isRead = await readRootAgain({ area: AREA, stores: [store] }, root, {
    reference: ({ path }, { part }) => paths.push(`${part} ${path}`),
  });
  return { isRead, paths };
}

describe('reading a root again', () => {
  it('tells the visitor what a survey does not keep', async () => {
    const { store, root } = await listed(CHECKPOINT);

    expect(await read(store, root)).toEqual({ isRead: true, paths: ['shared s3://b/shared/x'] });
  });

  it('says so where it has become another one', async () => {
    // Prepare
    const { store, root, file } = await listed(CHECKPOINT);
    await writeFile(file, incrementalCheckpoint({ id: 8, shared: [] }));

    // Act and assess
    expect(await read(store, root)).toEqual({ isRead: false, paths: [] });
  });

  it('says so where it is gone', async () => {
    const { store, root } = await listed(CHECKPOINT);

    expect(await read(store, { ...root, key: 'chk-6/_metadata' })).toEqual({ isRead: false, paths: [] });
  });

  it('says so where it is not whole', async () => {
    const { store, root } = await listed(CHECKPOINT.subarray(0, -1));

    expect(await read(store, root)).toMatchObject({ isRead: false });
  });

  it('is refused of a location that the area does not have', async () => {
    const { store, root } = await listed(CHECKPOINT);

    await expect(read(store, { ...root, location: 3 })).rejects.toThrow('3 is no location of the area.');
  });

  it('passes on that the store did not answer', async () => {
    const { root } = await listed(CHECKPOINT);

    const reading = read(new LocalDirectory('/nowhere-at-all'), root);

    await expect(reading).rejects.toMatchObject({ name: 'StoreError' });
  });
});
