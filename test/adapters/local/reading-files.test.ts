import { truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem, type OpenFile } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { failureOf, textOf } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const BIG = 'x'.repeat(600_000);

describe('reading a file of a local directory', () => {
  it('closes it at its end', async () => {
    const { store, open } = await watched({ a: 'content' });

    await textOf(await store.read('a'));

    expect(open.size).toBe(0);
  });

  it('closes it when the consumer stops early', async () => {
    const { store, open } = await watched({ a: BIG });
    const read = await store.read('a');
    const openBefore = open.size;

    for await (const _chunk of chunksOf(read)) break;

    expect([openBefore, open.size]).toEqual([1, 0]);
  });

  it('closes it when the consumer stops before the first chunk', async () => {
    const { store, open } = await watched({ a: BIG });
    const chunks = chunksOf(await store.read('a'))[Symbol.asyncIterator]();

    await chunks.return?.();

    expect(open.size).toBe(0);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  it('closes it when the consumer fails', async () => {
    const { store, open } = await watched({ a: BIG });
    const read = await store.read('a');

    const failure = await failureOf(async () => {
      for await (const _chunk of chunksOf(read)) throw new Error('the consumer failed');
    });

    expect(String(failure)).toBe('Error: the consumer failed');
    expect(open.size).toBe(0);
  });

  it('closes it, and rejects with the reason, when it is aborted between chunks', async () => {
    const { store, open } = await watched({ a: BIG });
    const abort = new AbortController();
    const chunks = chunksOf(await store.read('a', { signal: abort.signal }))[Symbol.asyncIterator]();
    await chunks.next();

    abort.abort(new Error('enough'));

    await expect(chunks.next()).rejects.toThrow('enough');
    expect(open.size).toBe(0);
  });

  it.each([
    ['EIO', 'unavailable', "can't be read beyond byte 262144: the operating system answered EIO"],
    ['EACCES', 'denied', "can't be read beyond byte 262144: permission denied (EACCES)"],
  ])('closes it, and fails as a store does, at an %s', async (errno, code, sentence) => {
    const { store, open } = await watched({ a: BIG }, (file) => ({
      ...file,
      read: (into, offset, length, position) =>
        position === 0
          ? file.read(into, offset, length, position)
          : Promise.reject(Object.assign(new Error(errno), { code: errno })),
    }));
    const read = await store.read('a');

    const failure = await failureOf(() => textOf(read));

    expect(failure).toMatchObject({ name: 'StoreError', code });
    expect(String(failure)).toContain(sentence);
    expect(open.size).toBe(0);
  });

  it('closes it where it cannot be looked at once open', async () => {
    const { store, open } = await watched({ a: '' }, (file) => ({
      ...file,
      stat: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })),
    }));

    await expect(store.read('a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(open.size).toBe(0);
  });

  it('fails where the file is cut meanwhile', async () => {
    const { store, open, path } = await watched({ a: BIG });
    const read = await store.read('a');

    await truncate(join(path, 'a'), 300_000);

    await expect(textOf(read)).rejects.toThrow(`'${path}/a' was truncated at byte 300000 while it was read`);
    expect(open.size).toBe(0);
  });

  it('fails where the file is written to meanwhile', async () => {
    const { store, open, path } = await watched({ a: { content: 'one', modified: 1_700_000_000_000 } });
    const read = await store.read('a');

    await writeFile(join(path, 'a'), 'two');
    await utimes(join(path, 'a'), 1_700_000_001, 1_700_000_001);

    await expect(textOf(read)).rejects.toThrow('was written to while it was read');
    expect(open.size).toBe(0);
  });

  it('continues small reads of the operating system', async () => {
    const { store } = await watched({ a: 'abcdef' }, (file) => ({
      ...file,
      read: (into, offset, length, position) => file.read(into, offset, Math.min(length, 2), position),
    }));

    expect(await textOf(await store.read('a', { from: 1 }))).toBe('bcdef');
  });

  it('gives no bytes of a part beyond the end', async () => {
    const { store } = await watched({ a: 'abc' });

    const read = await store.read('a', { from: 3, to: 9 });

    expect(read).toMatchObject({ found: true, bytes: 3 });
    expect(await textOf(read)).toBe('');
  });

  it.each([{ from: -1 }, { from: 1.5 }, { from: 2, to: 1 }, { from: Number.NaN }, { to: -1 }])(
    'refuses the part %j',
    async (part) => {
      const { store } = await watched({ a: 'abc' });

      await expect(store.read('a', part)).rejects.toThrow(RangeError);
    },
  );

  it.each(['', '/', '/a', 'a/', 'b//c', './a', '../a', 'b/../a', 'b/.', '..', 'a\0', '\ud800', 'b'])(
    'knows no object %j',
    async (key) => {
      const { store } = await watched({ a: '', 'b/c': '' });

      expect(await store.read(key)).toEqual({ found: false });
    },
  );
});

/** A store that keeps count of its open files, and opens them as `alter` makes them. */
async function watched(tree: Parameters<typeof makeDirectory>[0], alter = (file: OpenFile): OpenFile => file) {
  const path = await makeDirectory(tree);
  const open = new Set<OpenFile>();
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    open: async (name, flags) => {
      const real = await nodeFileSystem.open(name, flags);
      const file: OpenFile = {
        ...alter(real),
        close: async () => {
          await real.close();
          open.delete(file);
        },
      };
      open.add(file);
      return file;
    },
  };
  return { path, open, store: new LocalDirectory(path, { fileSystem }) };
}

function chunksOf(read: Awaited<ReturnType<LocalDirectory['read']>>): AsyncIterable<Uint8Array> {
  if (!read.found) throw new Error('The object was not found.');
  return read.chunks;
}
