import { BitColumn } from '#core/inventory/columns.ts';
import { NamedRows } from '#core/shards/named-rows.ts';
import type { ShardContext } from './context.ts';
import { numberLines } from './mark-shard.ts';
import type { ItemOutput } from './shard-files.ts';

type FolderLine = readonly [location: number, path: string];
type NameLine = readonly [name: string, object: number, bytes: number, modified: number | string, isWanted: number];

/** Finds the copies among all objects of an area whose names are in one part: the lists `copies-` for each shard. */
export async function findCopies(partition: string, { files }: ShardContext): Promise<ItemOutput> {
  const rows = new NamedRows();
  for await (const { item, lines } of files.readAll('mark')) {
    let folder: FolderLine = [0, ''];
    for await (const line of lines(`names-${partition}`)) {
      if (typeof (line as FolderLine)[0] === 'number') {
        folder = line as FolderLine;
        continue;
      }
      const [name, object, bytes, modified, isWanted] = line as NameLine;
      const [location, path] = folder;
      const facts = { name, location, path, bytes, modified: Number(modified), isWanted: isWanted === 1 };
      rows.add({ ...facts, shard: Number(item), object });
    }
  }
  const copies = new Map<number, BitColumn>();
  const found = new Map<number, number[]>();
  rows.forEachCopy((shard, object) => {
    const known = copies.get(shard) ?? new BitColumn();
    copies.set(shard, known);
    if (known.has(object)) return;
    known.add(object);
    const its = found.get(shard) ?? [];
    found.set(shard, its);
    its.push(object);
  });
  return {
    facts: {},
    lists: Object.fromEntries([...found].map(([shard, objects]) => [`copies-${shard}`, numberLines(objects)])),
  };
}
