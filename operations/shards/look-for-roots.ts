import { keyRange } from '#operations/look/list-objects.ts';
import { type ListedRoot, rootsAmong } from '#operations/look/root-listing.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { rangesOf } from './list-shard.ts';
import { toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/**
 * Lists the keys of a shard again, once all shards were listed, for the roots among them: the list `roots`. All keys are
 * listed, so no place is missed where a root may have appeared.
 *
 * @throws StoreError
 */
export async function lookForRoots(item: string, context: ShardContext): Promise<ItemOutput> {
  const { area, input } = context;
  const { shards } = await plannedRun(context);
  const roots: ListedRoot[] = [];
  const options = input.signal === undefined ? {} : { signal: input.signal };
  for (const range of rangesOf(shards[Number(item)] ?? [], context)) {
    for await (const page of range.store.list(keyRange(area, range), options)) {
      roots.push(...rootsAmong(page, area, range.location));
    }
  }
  return { facts: {}, lists: { roots: roots.map(toPlain) } };
}
