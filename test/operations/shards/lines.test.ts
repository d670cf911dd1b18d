import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { directoryLines, readDirectory } from '#operations/shards/directory-lines.ts';
import { everyObject, objectLines, readObjects } from '#operations/shards/object-lines.ts';
import { fromPlain, toPlain } from '#operations/shards/rich-json.ts';

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('What shards write for one another', () => {
  it('is read as the same values, also those that JSON does not have', () => {
    const value = {
      long: 9_007_199_254_740_993n,
      none: Number.NaN,
      never: Number.NEGATIVE_INFINITY,
      names: new Map([['a', new Set([1n])]]),
      list: [1, 'two', null, true, { three: 3 }],
    };

    expect(fromPlain(throughJson(toPlain(value)))).toEqual(value);
  });

  it('is read as the same objects, whatever is known of them', async () => {
    const objects = new ObjectTable();
    const plain = { location: 0, bytes: 1, modified: 1_000, etag: 'e' };
    objects.add({ ...plain, key: 'a/1' });
    objects.add({ ...plain, key: 'a/2', storage: 'archived', storageClass: 'GLACIER' });
    objects.add({ ...plain, key: 'a/3', storage: 'tiering' });
    objects.add({ ...plain, key: 'a/4', storageClass: 'STANDARD_IA' });
    objects.add({ ...plain, key: 'b/\udc80', special: 'a symbolic link to /elsewhere' });
    objects.add({ ...plain, location: 1, key: '5', modified: Number.NaN });

    const lines = [...objectLines(objects)].map(throughJson);
    const read = new ObjectTable();
    await readObjects(read, Readable.from(lines));

    const factsOf = (table: ObjectTable) =>
      [...everyObject(table)].map((object) => ({
        location: table.location(object),
        key: table.key(object),
        bytes: table.bytes(object),
        modified: table.modified(object),
        etag: table.etag(object),
        special: table.special(object),
        isArchived: table.isArchived(object),
        isTiering: table.isTiering(object),
        storageClass: table.storageClass(object),
      }));
    expect(factsOf(read)).toEqual(factsOf(objects));
    expect(lines).toHaveLength(9);
  });

  it('is read as the same directories, also where nothing but a marker lies in one', () => {
    const none = Number.NEGATIVE_INFINITY;
    const sums = readDirectory([0, 'chk-7/', 5, String(none), 5, String(none), 0, 0]);

    expect(sums).toMatchObject({ firstWrite: 5, lastWrite: none, lastMarker: 5, lastStateFile: none, files: 0 });
    expect([...directoryLines([sums])].map(throughJson).map(readDirectory)).toEqual([sums]);
  });
});
