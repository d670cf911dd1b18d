import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { countOne, readCounter } from './counter-document.ts';
import { failureOf } from './object-store-contract.ts';

/** A new place for a ledger, where there is nothing. @returns what opens it, as another process would. */
export type NewLedger = () => Promise<() => LedgerStore>;

/** What every {@link LedgerStore} must do. */
export function describeLedgerStore(name: string, newLedger: NewLedger): void {
  describe(`${name} as a ledger store`, () => {
    it('knows of nothing where nothing was written', async () => {
      const store = (await newLedger())();

      expect(await store.readDocument('state.json')).toBeNull();
      expect(await store.readFile('runs/1/log')).toBeNull();
      expect(await filesIn(store, '')).toEqual([]);
      expect(await filesIn(store, 'runs/')).toEqual([]);
    });

    it('gives a document back as it was written, to others too', async () => {
      const open = await newLedger();
      const text = '{"name": "日本 \u{1f600}"}\n';

      const tag = await open().writeDocument('state.json', text, null);

      expect(tag).toEqual(expect.any(String));
      expect(await open().readDocument('state.json')).toEqual({ text, tag });
    });

    it('replaces a document that is still the one that was read', async () => {
      const store = (await newLedger())();
      const first = await store.writeDocument('a/b.json', 'one', null);

      const second = await store.writeDocument('a/b.json', 'two', first);

      expect(second).not.toBe(first);
      expect(await store.readDocument('a/b.json')).toEqual({ text: 'two', tag: second });
    });

    it('writes nothing where there is a document by now', async () => {
      const store = (await newLedger())();
      const tag = await store.writeDocument('state.json', 'one', null);

      const lost = await store.writeDocument('state.json', 'two', null);

      expect(lost).toBeNull();
      expect(await store.readDocument('state.json')).toEqual({ text: 'one', tag });
    });

    it('writes nothing where the document has changed since it was read', async () => {
      const store = (await newLedger())();
      const read = await store.writeDocument('state.json', 'one', null);
      const tag = await store.writeDocument('state.json', 'two', read);

      const lost = await store.writeDocument('state.json', 'three', read);

      expect(lost).toBeNull();
      expect(await store.readDocument('state.json')).toEqual({ text: 'two', tag });
    });

    it('writes nothing where the document that was read is not there', async () => {
      const open = await newLedger();
      const tag = await open().writeDocument('other.json', 'one', null);

      const lost = await open().writeDocument('state.json', 'two', tag);

      expect(lost).toBeNull();
      expect(await open().readDocument('state.json')).toBeNull();
    });

    it('lets exactly one of many writers of the same state succeed', async () => {
      // Prepare
      const open = await newLedger();
      let tag: string | null = null;
      for (let round = 0; round < 5; round++) {
        const known: string | null = tag;
        const texts = Array.from({ length: 12 }, (_, writer) => `round ${round} by ${writer}`);

        // Act
        const tags: readonly (string | null)[] = await Promise.all(
          texts.map((text) => open().writeDocument('state.json', text, known)),
        );

        // Assess
        const winner = tags.findIndex((given) => given !== null);
        expect(tags.filter((given) => given !== null)).toHaveLength(1);
        tag = tags[winner] ?? null;
        expect(await open().readDocument('state.json')).toEqual({ text: texts[winner], tag });
      }
    });

    it('loses no increment of many writers', async () => {
      const open = await newLedger();
      const writers = Array.from({ length: 5 }, (_, writer) => `w${writer}`);

      await Promise.all(
        writers.map(async (writer) => {
          const store = open();
          for (let count = 0; count < 8; count++) await countOne(store, writer);
        }),
      );

      const { total, by } = await readCounter(open());
      expect({ total, by }).toEqual({ total: 40, by: { w0: 8, w1: 8, w2: 8, w3: 8, w4: 8 } });
    });

    it.each([0, 1, 700_000])('gives a file of %i bytes back as it was written', async (bytes) => {
      const open = await newLedger();
      const content = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 31) % 251));

      await open().writeFile('runs/1/objects.gz', content);

      expect(content.equals(await contentOf(open(), 'runs/1/objects.gz'))).toBe(true);
    });

    it('writes a file over the one that was there', async () => {
      const store = (await newLedger())();
      await store.writeFile('cache', Buffer.from('long, and old'));

      await store.writeFile('cache', Buffer.from('new'));

      expect((await contentOf(store, 'cache')).toString()).toBe('new');
    });

    it('goes on with a file that is replaced while it is read, as the old one', async () => {
      const store = (await newLedger())();
      await store.writeFile('cache', Buffer.alloc(600_000, 'old'));
      const chunks = await store.readFile('cache');

      await store.writeFile('cache', Buffer.alloc(600_000, 'new'));

      expect((await gather(chunks)).equals(Buffer.alloc(600_000, 'old'))).toBe(true);
    });

    it('lists files below a folder in the order of their bytes, and no documents', async () => {
      // Prepare
      const store = (await newLedger())();
      const inOrder = ['runs/1-b', 'runs/1.b', 'runs/1/a', 'runs/1/b/c', 'runs/10', 'runs/2', 'runs/Z', 'runs/a'];
      for (const path of [...inOrder].reverse()) await store.writeFile(path, Buffer.from(''));
      for (const path of ['runs', 'runs-1/a', 'run/a']) await store.writeFile(`other-${path}`, Buffer.from(''));
      await store.writeDocument('runs/0.json', 'text', null);

      // Act
      const files = await filesIn(store, 'runs/');

      // Assess
      expect(files).toEqual(inOrder);
      expect(await filesIn(store, 'runs/1/')).toEqual(['runs/1/a', 'runs/1/b/c']);
      expect(await filesIn(store, '')).toEqual(['other-run/a', 'other-runs', 'other-runs-1/a', ...inOrder]);
    });

    it('keeps a document and a file of one name apart', async () => {
      const store = (await newLedger())();

      await store.writeDocument('a', 'document', null);
      await store.writeFile('a', Buffer.from('file'));

      expect((await store.readDocument('a'))?.text).toBe('document');
      expect((await contentOf(store, 'a')).toString()).toBe('file');
    });

    it.each(['', '/', '/a', 'a/', 'a//b', '..', '../a', 'a/../b', '.', './a', 'a@', 'a b', 'a\\b', 'é', 'a\0'])(
      'refuses %j, which is no path',
      async (path) => {
        const store = (await newLedger())();

        const calls = [
          () => store.readDocument(path),
          () => store.writeDocument(path, '', null),
          () => store.readFile(path),
          () => store.writeFile(path, Buffer.from('')),
        ];

        for (const call of calls) expect(await failureOf(call)).toBeInstanceOf(RangeError);
      },
    );

    it.each(['runs', '../', '/', 'a/../', 'runs//'])('refuses %j, which is no folder', async (folder) => {
      const store = (await newLedger())();

      expect(await failureOf(() => filesIn(store, folder))).toBeInstanceOf(RangeError);
    });
  });
}

export async function filesIn(store: LedgerStore, folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const path of store.listFiles(folder)) files.push(path);
  return files;
}

export async function contentOf(store: LedgerStore, path: string): Promise<Buffer> {
  return await gather(await store.readFile(path));
}

async function gather(chunks: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  if (chunks === null) throw new Error('There is no such file.');
  return await buffer(chunks);
}
