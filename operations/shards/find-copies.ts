import { BitColumn } from '#core/inventory/columns.ts';
import { NamedRows } from '#core/shards/named-rows.ts';
import type { ShardContext } from './context.ts';
import { plainTime } from './directory-lines.ts';
import { numberLines } from './mark-shard.ts';
import type { ItemOutput } from './shard-files.ts';

type FolderLine = readonly [location: number, path: string];
type NameLine = readonly [name: string, object: number, bytes: number, modified: number | string, isWanted: number];

/** An object, and one that a root references and that Flink made of it. */
export type DuplicateLine = readonly [
  object: number,
  location: number,
  key: string,
  bytes: number,
  modified: number | string,
];

/**
 * Finds the copies among all objects of an area whose names are in one part: the lists `copies-` for each shard. Those that
 * are not kept for their names are `duplicates-`.
 */
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
  const duplicates = new Map<number, DuplicateLine[]>();
  rows.forEachNamesake(({ shard, object, isKept, of }) => {
    if (!isKept) {
      const { location, key, bytes, modified } = of();
      const its = duplicates.get(shard) ?? [];
      duplicates.set(shard, its);
      its.push([object, location, key, bytes, plainTime(modified)]);
      return;
    }
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
    lists: Object.fromEntries<Iterable<unknown>>([
      ...[...found].map(([shard, objects]) => [`copies-${shard}`, numberLines(objects)] as const),
      ...[...duplicates].map(([shard, lines]) => [`duplicates-${shard}`, lines] as const),
    ]),
  };
}
