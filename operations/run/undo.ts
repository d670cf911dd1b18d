import { buffer } from 'node:stream/consumers';
import pMap from 'p-map';
import type { Lease } from '#operations/ledger/lease.ts';
import { contentAt } from '#operations/ledger/put-back.ts';
import { forgetQuarantineOf } from '#operations/ledger/run-memory.ts';
import { type RetiredRoot, updateState } from '#operations/ledger/state.ts';
import { OBJECTS_AT_ONCE, OCCUPIED, OUTSIDE, type Swept, type UndoInput, type UndoPlan } from './plan-undo.ts';

/**
 * Undoes a run: roots that it retired are put back if their files still exist, and objects that it deleted are put back
 * if the bucket keeps versions.
 */

/** Objects between two looks at the lease. */
const BATCH = 256;

/** What was put back. Roots are URLs. */
export interface UndoResult {
  readonly restoredRoots: readonly string[];
  readonly restoredObjects: number;
  readonly lost: readonly { readonly url: string; readonly why: string }[];
}

/**
 * Puts back what can be put back: first the objects, then the roots that need them, so that no root is ever seen
 * without its files.
 *
 * @throws StoreError, LedgerError
 */
export async function undo(
  input: UndoInput & { readonly lease: Pick<Lease, 'hold'> },
  plan: UndoPlan,
): Promise<UndoResult> {
  const { ledger, writers, lease } = input;
  const lost = [...plan.lost];
  let restoredObjects = 0;
  const restore = async (all: readonly Swept[]): Promise<boolean> => {
    const before = lost.length;
    for (let at = 0; at < all.length; at += BATCH) {
      await lease.hold();
      const outcomes = await manyAtOnce(all.slice(at, at + BATCH), async ({ location, object, url }) => ({
        url,
        left: (await writers[location]?.restore(object)) ?? OUTSIDE,
      }));
      for (const { url, left } of outcomes) {
        if (left.outcome === 'lost') lost.push({ url, why: left.why });
        if (left.outcome === 'restored') restoredObjects++;
      }
    }
    return lost.length === before;
  };
  // Before they are there: the next run, which may come at once, would find their quarantine served.
  await forgetQuarantineOf(
    ledger,
    input.survey.area,
    new Set(sweptOf(plan).map(({ url }) => input.survey.area.ownUrl(url))),
  );
  await restore(plan.objects);
  const restoredRoots: string[] = [];
  for (const { entry, swept, why } of plan.roots) {
    if (why === null && (await restore(swept))) {
      await lease.hold();
      const etag = await putBack(input, entry);
      if (etag === null) {
        lost.push({ url: entry.url, why: OCCUPIED });
      } else {
        await updateState(ledger, (state) => ({
          ...state,
          retired: state.retired.map((each) =>
            each.file === entry.file ? { ...each, state: 'restored' as const, restoredEtag: etag } : each,
          ),
        }));
        restoredRoots.push(entry.url);
      }
    } else if (why !== null) {
      lost.push({ url: entry.url, why });
    }
  }
  return { restoredRoots, restoredObjects, lost };
}

/**
 * In the order of the items. Where one of them fails, the others are waited for before it is thrown: nothing is under way
 * any more when the lease is given back.
 */
async function manyAtOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<readonly R[]> {
  try {
    return await pMap(items, act, { concurrency: OBJECTS_AT_ONCE, stopOnError: false });
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

function sweptOf({ objects, roots }: UndoPlan): readonly Swept[] {
  return [...objects, ...roots.flatMap(({ swept }) => swept)];
}

/**
 * Its ETag now; null where something else has its name.
 *
 * What is there is read before anything is written: some stores ignore that a write is to overwrite nothing. And it is
 * read after a write that was refused, which may be the second attempt at one that had succeeded.
 */
async function putBack(
  { ledger, stores, writers, survey: { area } }: UndoInput,
  entry: RetiredRoot,
): Promise<string | null> {
  const place = area.placeOfUrl(entry.url);
  const chunks = await ledger.readFile(entry.file);
  const writer = place === null ? undefined : writers[place.location];
  if (place === null || chunks === null || writer === undefined) {
    return null;
  }
  const content = await buffer(chunks);
  const store = stores[place.location];
  const key = area.storeKey(place.location, place.key);
  const before = await contentAt(store, key);
  if (before !== null) {
    return content.equals(before.content) ? before.etag : null;
  }
  const put = await writer.putIfAbsent(key, content, { modified: Date.parse(entry.completed) });
  if (put.outcome === 'written') {
    return put.etag;
  }
  const there = await contentAt(store, key);
  return there !== null && content.equals(there.content) ? there.etag : null;
}
