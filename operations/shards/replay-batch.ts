import { ObjectTable } from '#core/inventory/object-table.ts';
import { READINGS } from './answer-shard.ts';
import type { ShardContext } from './context.ts';
import { memoryOfRoots } from './memory.ts';
import { readObjects } from './object-lines.ts';
import type { BatchRead } from './read-batch.ts';
import { replay } from './recorded-roots.ts';
import { ReplayedRoots } from './replayed-roots.ts';
import { fromPlain } from './rich-json.ts';
import type { ItemFound } from './shard-files.ts';

/** A batch of roots, with the objects that the shards have found of those that the roots ask for. */
export interface ReplayedBatch {
  readonly objects: ObjectTable;
  readonly resolved: ReplayedRoots;
  /** Whether these are roots under other names. */
  readonly isRenamed: boolean;
}

/** Reads the recorded roots of a batch into a table of what the shards have answered. @throws LostPartError, StoreError */
export async function replayedBatch(item: string, context: ShardContext): Promise<ReplayedBatch> {
  const found = await readingsOf(item, context);
  const objects = await answeredObjects(item, found, context);
  const resolved = new ReplayedRoots(context, objects, await memoryOfRoots(context, objects));
  const isRenamed = found.some(({ facts }) => fromPlain<BatchRead>(facts).isRenamed);
  for (const { lines } of found) {
    await replay(lines('recorded'), (location, key) => objects.find(location, key), {
      begin: (replayed) => (isRenamed ? resolved.beginRenamed(replayed) : resolved.begin(replayed)),
    });
  }
  resolved.settle();
  return { objects, resolved, isRenamed };
}

const ASKED = 'asked-';

/** What was recorded of a batch, in either reading. @throws LostPartError, StoreError */
export async function readingsOf(item: string, { files }: ShardContext): Promise<readonly ItemFound[]> {
  const found: ItemFound[] = [];
  for (const phase of READINGS) {
    if ((await files.items(phase)).includes(item)) found.push(await files.read(phase, item));
  }
  return found;
}

/** What the shards answered that were asked. */
async function answeredObjects(
  item: string,
  readings: readonly ItemFound[],
  { files }: ShardContext,
): Promise<ObjectTable> {
  const objects = new ObjectTable();
  const asked = readings.flatMap(({ lists }) => lists).filter((list) => list.startsWith(ASKED));
  for (const list of new Set(asked)) {
    await readObjects(objects, (await files.read('answer', list.slice(ASKED.length))).lines(`for-${item}`));
  }
  objects.seal();
  return objects;
}
