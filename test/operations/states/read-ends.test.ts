import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { PartReader } from '#operations/states/part-reader.ts';
import { readDescriptions } from '#operations/states/read-descriptions.ts';
import { type FileEnd, readEnds } from '#operations/states/read-ends.ts';
import type { TableFile } from '#operations/states/root-tables.ts';
import { StoreError } from '#ports/object-store.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { NOW } from '#test/support/played-job.ts';
import { sst } from '#test/support/sst-writer.ts';
import { DESCRIPTION } from '#test/support/stateful-job.ts';

const AREA = new Area([{ name: 's3://bucket', store: 's3://bucket', prefix: '', hidden: 0 }]);
const PAYLOAD = { properties: { 'column.family.name': 'payload' } };
const FAR = sst({ ...PAYLOAD, data: 50_000, between: 20_000 });

/** A listing of these contents, and a reader of them. */
async function listed(contents: Readonly<Record<string, Uint8Array>>, most = 100) {
  const store = new MovingStore({ now: NOW });
  const objects = new ObjectTable();
  for (const [key, content] of Object.entries(contents)) store.put(key, content);
  for await (const page of store.list({ prefix: '' })) {
    for (const { key, bytes, modified, etag } of page) {
      objects.add({
        location: 0,
        key,
        bytes,
        modified,
        etag,
        special: undefined,
        storage: undefined,
        storageClass: undefined,
      });
    }
  }
  objects.seal();
  store.calls.length = 0;
  const reader = new PartReader({ area: AREA, objects, stores: [store], most });
  const file = (key: string, part: Partial<TableFile> = {}): TableFile => {
    const object = objects.find(0, key);
    return { object, start: null, bytes: contents[key]?.length ?? 0, operator: '', subtask: 0, ...part };
  };
  const ends = async (...files: readonly TableFile[]): Promise<readonly FileEnd[]> => {
    const found = new Map<TableFile, FileEnd>();
    await readEnds(
      files.map((one) => ({ file: one })),
      reader,
      (wanted, end) => found.set(wanted.file, end),
    );
    return files.flatMap((one) => found.get(one) ?? []);
  };
  return { store, reader, file, ends };
}

describe('reading the ends of state files', () => {
  it('takes one request each, and a second one where the properties lie further ahead', async () => {
    const { reader, file, ends } = await listed({ near: sst({ ...PAYLOAD, data: 90_000 }), far: FAR });

    const [near, far] = await ends(file('near'), file('far'));

    expect(near).toMatchObject({ outcome: 'table', properties: { family: 'payload' } });
    expect(far).toEqual(near);
    expect(reader.requests).toBe(3);
  });

  it('reads a part of a merged file where it lies, and says that it is torn where that is behind its end', async () => {
    const table = sst(PAYLOAD);
    const merged = Buffer.concat([Buffer.alloc(777), table, Buffer.alloc(100)]);
    const { file, ends } = await listed({ merged });
    const part = (start: number) => file('merged', { start, bytes: table.length });

    const [found, ...torn] = await ends(part(777), part(878), part(-1));

    expect(found).toMatchObject({ outcome: 'table', properties: { family: 'payload' } });
    expect(torn.map(({ outcome }) => outcome)).toEqual(['torn', 'torn']);
  });

  it('tells what is no table without asking more, an empty file without asking at all', async () => {
    const { reader, file, ends } = await listed({ other: Buffer.alloc(9_000), empty: Buffer.of() });

    expect((await ends(file('other'), file('empty'))).map(({ outcome }) => outcome)).toEqual([
      'not-a-table',
      'not-a-table',
    ]);
    expect(reader.requests).toBe(1);
  });

  it('tells what has been deleted or overwritten since the listing, by its ETag', async () => {
    const { store, file, ends } = await listed({ gone: sst(PAYLOAD), other: sst(PAYLOAD) });
    store.remove('gone').put('other', sst({ ...PAYLOAD, data: 101 }));

    expect((await ends(file('gone'), file('other'))).map(({ outcome }) => outcome)).toEqual(['gone', 'overwritten']);
  });

  it.each([
    ['archived', new StoreError('archived', 'In an archive.'), { outcome: 'archived' }],
    ['unavailable', new StoreError('unavailable', 'Timed out.'), { outcome: 'failed', why: 'Timed out.' }],
  ])('goes on after a file that is %s', async (_, error, expected) => {
    const { store, file, ends } = await listed({ bad: sst(PAYLOAD), good: sst(PAYLOAD) });
    store.always(
      ({ operation, of }) => operation === 'read' && of === 'bad',
      () => {
        throw error;
      },
    );

    const [bad, good] = await ends(file('bad'), file('good'));

    expect(bad).toEqual(expected);
    expect(good).toMatchObject({ outcome: 'table' });
  });

  it('takes no other part of an object than the one that it asked for', async () => {
    const { store, file, ends } = await listed({ whole: FAR });
    store.read = async (key) => await MovingStore.prototype.read.call(store, key);

    expect(await ends(file('whole'))).toEqual([
      { outcome: 'failed', why: 'The store did not send the part of the object that was asked for.' },
    ]);
  });

  it.each(['denied', 'no-such-place'] as const)(
    'ends where the store says %s: it would say so of every file',
    async (code) => {
      const { store, file, ends } = await listed({ one: sst(PAYLOAD) });
      store.always(
        ({ operation }) => operation === 'read',
        () => {
          throw new StoreError(code, 'No.');
        },
      );

      await expect(ends(file('one'))).rejects.toMatchObject({ code });
    },
  );

  it('passes on what is no failure of the store, and that it is to stop', async () => {
    const { store, file, ends } = await listed({ one: sst(PAYLOAD) });
    store.always(
      ({ operation }) => operation === 'read',
      () => {
        throw new RangeError('a bug');
      },
    );
    const stopping = new PartReader({
      ...{ area: AREA, objects: new ObjectTable(), stores: [], most: 9 },
      signal: AbortSignal.abort(new Error('stopped')),
    });

    await expect(ends(file('one'))).rejects.toThrow('a bug');
    await expect(stopping.read(file('one'), 0, 9)).rejects.toThrow();
  });

  it('sends no request beyond the limit, a second one for the same file included', async () => {
    const { reader, file, ends } = await listed({ far: FAR, near: sst(PAYLOAD) }, 1);

    expect((await ends(file('far'), file('near'))).map(({ outcome }) => outcome)).toEqual(['left', 'left']);
    expect(reader.requests).toBe(1);
  });
});

describe('reading descriptions', () => {
  it('leaves out what is not there or behind the end of its file', async () => {
    const { store, reader, file } = await listed({ whole: DESCRIPTION, gone: DESCRIPTION });
    store.remove('gone');
    const files = [file('whole'), file('gone'), file('whole', { start: 10, bytes: DESCRIPTION.length })];

    const found = await readDescriptions(files, reader);

    expect(files.map((one) => found.get(one)?.length)).toEqual([8, undefined, undefined]);
  });
});
