import { ObjectSetBuilder } from '#core/inventory/object-set.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import type { ShardContext } from './context.ts';
import { objectLines, readObjects } from './object-lines.ts';
import { namedPlaces } from './read-batch.ts';
import type { ItemFound, ItemOutput } from './shard-files.ts';

/** The phases in which roots are read. */
export const READINGS = ['roots', 'roots-again'] as const;

/**
 * Answers what batches of roots asked of a shard: the list `for-` each batch has the objects of the keys that it asked for,
 * and nothing for a key that was not listed.
 */
export async function answerShard(shard: string, context: ShardContext): Promise<ItemOutput> {
  const objects = await objectsOfShard(shard, context);
  const asked = new Map<string, ObjectSetBuilder>();
  for (const phase of READINGS) {
    for await (const batch of context.files.readAll(phase)) {
      const found = asked.get(batch.item) ?? new ObjectSetBuilder();
      if (await addAsked(found, batch, shard, objects)) asked.set(batch.item, found);
    }
  }
  return {
    facts: {},
    lists: Object.fromEntries(
      [...asked].map(([batch, found]) => [`for-${batch}`, objectLines(objects, found.build())]),
    ),
  };
}

/** The objects of a shard as they were listed; sealed. @throws LostPartError, StoreError */
export async function objectsOfShard(shard: string, { files }: ShardContext): Promise<ObjectTable> {
  const objects = new ObjectTable();
  await readObjects(objects, (await files.read('list', shard)).lines('objects'));
  objects.seal();
  return objects;
}

/** @returns whether it asked for anything that is there. */
async function addAsked(
  found: ObjectSetBuilder,
  batch: ItemFound,
  shard: string,
  objects: ObjectTable,
): Promise<boolean> {
  let isAny = false;
  for await (const { location, key } of namedPlaces(batch.lines(`asked-${shard}`))) {
    const object = objects.find(location, key);
    if (object >= 0) {
      found.add(object);
      isAny = true;
    }
  }
  return isAny;
}

/** The items of which roots were read in either phase, each once. */
export async function readBatches({ files }: ShardContext): Promise<readonly string[]> {
  const items = new Set<string>();
  for (const phase of READINGS) for (const item of await files.items(phase)) items.add(item);
  return [...items];
}
