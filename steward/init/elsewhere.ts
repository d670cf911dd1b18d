import pMap from 'p-map';
import { isIn } from '#core/discovery/draft.ts';
import type { Elsewhere } from '#core/discovery/elsewhere.ts';
import type { ElsewhereAnswer } from '#core/discovery/proposed.ts';
import type { Place } from '#core/flink/state-path.ts';
import { StoreError } from '#ports/object-store.ts';
import { type BucketConnection, LocationError } from '../open-area.ts';
import { openElsewhere } from './places.ts';

/** Asks the places that checkpoints reference whether they are there. */

/** So many are asked; of the rest it stays unknown. */
export const MOST_ELSEWHERE = 40;

export interface Asking {
  /** Directories that are copies of buckets. */
  readonly copies: readonly Place[];
  readonly clock: () => number;
  readonly connection: BucketConnection;
  readonly signal?: AbortSignal | undefined;
}

/** One request each. */
export async function askElsewhere(all: readonly Elsewhere[], asking: Asking): Promise<readonly ElsewhereAnswer[]> {
  return await pMap(
    all,
    async (each, at) => ({ ...each, state: at < MOST_ELSEWHERE ? await stateOf(each, asking) : ('unknown' as const) }),
    { concurrency: 8 },
  );
}

async function stateOf(
  { folder, root }: Elsewhere,
  { copies, clock, connection, signal }: Asking,
): Promise<ElsewhereAnswer['state']> {
  const isScanned = folder.store === 'file://' || folder.store.startsWith('s3://');
  // A copy in a directory stands for what it was copied from, which is no part of the same area. And what a checkpoint in a
  // bucket calls a file lies on the machine of its job: a directory of that name here is another one.
  const isFromBucket = root.store !== 'file://' || copies.some((copy) => isIn(root, copy));
  const isHere = isFromBucket ? folder.store !== 'file://' && root.store !== 'file://' : folder.store === 'file://';
  if (!isScanned || !isHere) return 'foreign';
  try {
    const { store, prefix } = await openElsewhere(folder, clock, connection);
    for await (const { folders, objects } of store.children(prefix, signal === undefined ? {} : { signal })) {
      if (folders.length + objects.length > 0) return 'there';
    }
    return 'empty';
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LocationError) return 'foreign';
    if (!(error instanceof StoreError)) throw error;
    if (error.code === 'no-such-place') return 'absent';
    return error.code === 'denied' ? 'denied' : 'unknown';
  }
}
