import { type Memory, NO_MEMORY } from '#core/collect/memory.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { rootsPutBack, withPutBack } from '#operations/ledger/put-back.ts';
import { recall } from '#operations/ledger/run-memory.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import { earlierDirectories, plannedRun, type ShardContext } from './context.ts';

/** What earlier runs left, as far as an item needs it. */

/** What is remembered of places and of roots, which are in the table; nothing of other objects. @throws StoreError */
export async function memoryOfRoots(context: ShardContext, objects: ObjectTable): Promise<Memory> {
  const { ledger, area, input } = context;
  const { state } = await plannedRun(context);
  if (ledger === null || state === null) return NO_MEMORY;
  const stores = input.locations.map(({ store }) => store);
  const putBack = await rootsPutBack(ledger, state, { area, objects }, stores);
  return await recalled(context, objects, withPutBack(state, putBack), {
    candidates: [],
    named: [],
    looked: [],
    retiredFiles: [],
  });
}

/** What looks at objects of unknown names have shown. @throws StoreError */
export async function memoryOfLooks(context: ShardContext, objects: ObjectTable): Promise<Pick<Memory, 'lookedAt'>> {
  const { state } = await plannedRun(context);
  return state === null
    ? NO_MEMORY
    : await recalled(context, objects, { ...state, retired: [] }, { candidates: [], named: [], retiredFiles: [] });
}

/**
 * What is remembered of objects.
 *
 * @param isThere whether an object of that key was listed, which may lie in another shard than these objects.
 * @throws StoreError
 */
export async function memoryOfObjects(
  context: ShardContext,
  objects: ObjectTable,
  isThere: (location: number, key: string) => boolean,
): Promise<Memory> {
  const { area } = context;
  const { state } = await plannedRun(context);
  if (state === null) return NO_MEMORY;
  const retired = state.retired.filter(({ url }) => {
    const place = area.placeOfUrl(url);
    return place === null || !isThere(place.location, place.key);
  });
  return await recalled(context, objects, { ...state, retired }, {});
}

async function recalled(
  context: ShardContext,
  objects: ObjectTable,
  state: LedgerState,
  /** Lists that are not read. */
  unread: Partial<Record<'candidates' | 'named' | 'looked' | 'retiredFiles', []>>,
): Promise<Memory> {
  const { ledger, area } = context;
  if (ledger === null) return NO_MEMORY;
  const { record } = await plannedRun(context);
  return await recall(ledger, {
    recollection: {
      record: record === null ? null : { ...record, ...unread },
      earlierDirectories: await earlierDirectories(context),
    },
    state,
    area,
    objects,
    // The run says it once, where it begins.
    onLost: () => {},
  });
}
