import type { Root } from '#core/collect/roots.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { ShardContext } from './context.ts';
import { ObjectLineReader, objectLines } from './object-lines.ts';
import { replayedBatch } from './replay-batch.ts';
import type { ItemOutput } from './shard-files.ts';

/**
 * What retention asks of the objects that the roots of a batch reference: one of each directory, and those with the name of a
 * file that another root misses. Lists: `objects`, these and the roots themselves; `files`, of each root the places of its
 * own among them.
 *
 * @throws LostPartError, StoreError
 */
export async function rootFiles(item: string, context: ShardContext): Promise<ItemOutput> {
  const { objects, resolved } = await replayedBatch(item, context);
  const byName = await objectsByName(context, objects);
  const files = resolved.roots.map((root) => asked(root, objects, byName));
  const wanted = new Set(files.flat());
  for (const { object } of resolved.roots) if (object >= 0) wanted.add(object);
  const sorted = [...wanted].sort((a, b) => a - b);
  const places = new Map(sorted.map((object, place) => [object, place]));
  return {
    facts: {},
    lists: {
      objects: objectLines(objects, sorted),
      files: files.map((its) => its.map((object) => places.get(object))),
    },
  };
}

/** Which of these objects are kept because another root misses a file of that name. */
async function objectsByName({ files }: ShardContext, objects: ObjectTable): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for await (const { lines } of files.readAll('mark')) {
    const reader = new ObjectLineReader();
    for await (const line of lines('matches')) {
      const entry = reader.read(line);
      if (entry !== null) found.add(objects.find(entry.location, entry.key));
    }
  }
  return found;
}

function asked(root: Root, objects: ObjectTable, byName: ReadonlySet<number>): readonly number[] {
  const directories = new Set<number>();
  return [...root.objects].filter((object) => {
    const before = directories.size;
    return directories.add(objects.directoryId(object)).size > before || byName.has(object);
  });
}
