import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { ListedObject, ObjectStore } from '#ports/object-store.ts';
import { listAll, textOf } from './object-store-contract.ts';

export interface AreaUnderTest {
  readonly writer: AreaWriter;
  /** The same place, to look at. */
  readonly store: ObjectStore;
}

const KEY = 'flink/job-1/chk-7/_metadata';

/** What every {@link AreaWriter} must do. @param newArea makes a place that holds exactly these objects. */
export function describeAreaWriter(
  name: string,
  newArea: (objects: Readonly<Record<string, string>>) => Promise<AreaUnderTest>,
): void {
  describe(`${name} as an area writer`, () => {
    it('writes what is not there, and says as what a listing will show it', async () => {
      const area = await newArea({ 'flink/a': 'other' });

      const put = await area.writer.putIfAbsent(KEY, Buffer.from('root'));

      const { etag, modified } = await objectOf(area, KEY);
      expect(put).toEqual({ outcome: 'written', etag, modified });
      expect(await contentsOf(area)).toEqual({ 'flink/a': 'other', [KEY]: 'root' });
    });

    it.each(['root', 'another'])('leaves what is there as it is (%j)', async (content) => {
      const area = await newArea({ [KEY]: 'root' });
      const before = await objectOf(area, KEY);

      const put = await area.writer.putIfAbsent(KEY, Buffer.from(content));

      expect(put).toEqual({ outcome: 'exists' });
      expect(await objectOf(area, KEY)).toEqual(before);
      expect(await contentsOf(area)).toEqual({ [KEY]: 'root' });
    });

    it('lets one of many writers of the same key succeed', async () => {
      const area = await newArea({});
      const contents = Array.from({ length: 12 }, (_, writer) => `by ${writer}`);

      const puts = await Promise.all(contents.map((content) => area.writer.putIfAbsent(KEY, Buffer.from(content))));

      const winners = contents.filter((_, writer) => puts[writer]?.outcome === 'written');
      expect(winners).toHaveLength(1);
      expect(await contentsOf(area)).toEqual({ [KEY]: winners[0] });
    });

    it('writes an empty object', async () => {
      const area = await newArea({});

      await area.writer.putIfAbsent('a', Buffer.from(''));

      expect(await contentsOf(area)).toEqual({ a: '' });
    });

    it('replaces what is still the object of that ETag', async () => {
      const area = await newArea({ [KEY]: 'old' });
      const { etag: old } = await objectOf(area, KEY);

      const put = await area.writer.replace(KEY, Buffer.from('new'), old);

      const { etag, modified } = await objectOf(area, KEY);
      expect(etag).not.toBe(old);
      expect(put).toEqual({ outcome: 'written', etag, modified });
      expect(await contentsOf(area)).toEqual({ [KEY]: 'new' });
    });

    it('replaces nothing that has another ETag', async () => {
      const area = await newArea({ [KEY]: 'old', other: 'x' });
      const { etag } = await objectOf(area, 'other');

      const put = await area.writer.replace(KEY, Buffer.from('new'), etag);

      expect(put).toEqual({ outcome: 'exists' });
      expect(await contentsOf(area)).toEqual({ [KEY]: 'old', other: 'x' });
    });

    it('replaces nothing that has gone', async () => {
      const area = await newArea({ other: 'x' });
      const { etag } = await objectOf(area, 'other');

      const put = await area.writer.replace(KEY, Buffer.from('new'), etag);

      expect(put).toEqual({ outcome: 'exists' });
      expect(await contentsOf(area)).toEqual({ other: 'x' });
    });

    it('finds what it is to bring back where it is there', async () => {
      const area = await newArea({ [KEY]: 'root' });
      const deleted = { key: KEY, etag: (await objectOf(area, KEY)).etag };

      expect(await area.writer.canRestore(deleted)).toEqual({ outcome: 'present' });
      expect(await area.writer.restore(deleted)).toEqual({ outcome: 'present' });
    });

    it('can not bring back what never was, nor what is another one by now', async () => {
      const area = await newArea({ [KEY]: 'root', other: 'x' });
      const { etag } = await objectOf(area, 'other');

      for (const key of [KEY, 'none', 'flink/none/at/all']) {
        expect(await area.writer.canRestore({ key, etag })).toMatchObject({ outcome: 'lost' });
        expect(await area.writer.restore({ key, etag })).toMatchObject({ outcome: 'lost' });
      }
      expect(await contentsOf(area)).toEqual({ [KEY]: 'root', other: 'x' });
    });
  });
}

export async function objectOf({ store }: AreaUnderTest, key: string): Promise<ListedObject> {
  const object = (await listAll(store, { prefix: key })).find((one) => one.key === key);
  if (object === undefined) throw new Error(`There is no ${key}.`);
  return object;
}

export async function contentsOf({ store }: AreaUnderTest): Promise<Readonly<Record<string, string>>> {
  const contents: Record<string, string> = {};
  for (const { key } of await listAll(store, { prefix: '' })) contents[key] = await textOf(await store.read(key));
  return contents;
}
