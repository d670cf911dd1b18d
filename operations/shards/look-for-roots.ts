import { HeldDirectories } from '#operations/look/held-directories.ts';
import { keyRange, type ListedRange } from '#operations/look/list-objects.ts';
import { type ListedRoot, rootsAmong } from '#operations/look/root-listing.ts';
import { listSearch, searchOf } from '#operations/look/root-look.ts';
import { firstRootsOf } from '#operations/look/root-rounds.ts';
import { directoryIds } from '#operations/look/survey.ts';
import { objectsOfShard } from './answer-shard.ts';
import type { AreaSearch } from './area-look.ts';
import { earlierDirectories, plannedRun, type ShardContext } from './context.ts';
import { rangesOf } from './list-shard.ts';
import { fromPlain, toPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/**
 * Looks in a shard for roots again, once all shards were listed: the list `roots`. As in one process the keys are listed
 * again, but for long runs of files between which no root may appear. Where it looked is the list `searches`: before
 * anything is deleted roots are looked for there once more.
 *
 * @throws StoreError
 */
export async function lookForRoots(item: string, context: ShardContext): Promise<ItemOutput> {
  return await lookAgain(item, context, ['list'], 1);
}

/** The same once more, when the roots that were found were read. @throws StoreError */
export async function lookForLateRoots(item: string, context: ShardContext): Promise<ItemOutput> {
  return await lookAgain(item, context, ['list', 'look'], 2);
}

async function lookAgain(
  item: string,
  context: ShardContext,
  before: readonly string[],
  round: number,
): Promise<ItemOutput> {
  const { area, input } = context;
  const { shards, start } = await plannedRun(context);
  const ranges = rangesOf(shards[Number(item)] ?? [], context);
  const held = await heldDirectories(context, before);
  const objects = await objectsOfShard(item, context);
  const roots: ListedRoot[] = [];
  const searches: AreaSearch[] = [];
  for (const range of ranges) {
    const { location, store, after, until } = range;
    if (store.keysPerRequest === undefined) {
      // Listing takes no requests, and nothing is skipped.
      roots.push(...(await allRootsIn(range, context)));
      continue;
    }
    const first = firstRootsOf(start, round);
    const within = { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) };
    const look = { area, objects, held: held.in(location), first, within, signal: input.signal };
    const search = searchOf({ location, store }, store.keysPerRequest, look);
    roots.push(...(await listSearch({ location, store }, search, look)));
    searches.push({ location, within, search });
  }
  return { facts: {}, lists: { roots: roots.map(toPlain), searches: searches.map(toPlain) } };
}

/** Where roots are or were, in the whole area: their directories may lie in several shards. */
async function heldDirectories({ area, files }: ShardContext, phases: readonly string[]): Promise<HeldDirectories> {
  const held = new HeldDirectories(directoryIds(area, await earlierDirectories({ files })));
  for (const phase of phases) {
    for await (const { lines } of files.readAll(phase)) {
      for await (const line of lines('roots')) held.add(fromPlain<ListedRoot>(line));
    }
  }
  return held;
}

async function allRootsIn(range: ListedRange, { area, input }: ShardContext): Promise<readonly ListedRoot[]> {
  const roots: ListedRoot[] = [];
  const options = input.signal === undefined ? {} : { signal: input.signal };
  for await (const page of range.store.list(keyRange(area, range), options)) {
    roots.push(...rootsAmong(page, area, range.location));
  }
  return roots;
}
