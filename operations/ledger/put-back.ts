import { buffer } from 'node:stream/consumers';
import type { Area } from '#core/area/area.ts';
import { comparableEtag } from '#core/etag.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import type { LedgerState, RetiredRoot } from './state.ts';

/**
 * Retired roots that are there again under another ETag. An `undo` may end after it has put a root back and before it
 * could say so, and what S3 makes of the same bytes has another ETag where the original came in parts or is encrypted:
 * only the content tells.
 */

/** The ETag that each has now, by the file of its copy in the ledger. */
export type PutBack = ReadonlyMap<string, string>;

/** @param stores by location of the area. @throws StoreError where the ledger can't be read. */
export async function rootsPutBack(
  ledger: LedgerStore,
  { retired }: Pick<LedgerState, 'retired'>,
  { area, objects }: { readonly area: Area; readonly objects: ObjectTable },
  stores: readonly ObjectStore[],
): Promise<PutBack> {
  const found = new Map<string, string>();
  for (const entry of retired) {
    const place = area.placeOfUrl(entry.url);
    const object = place === null ? -1 : objects.find(place.location, place.key);
    if (place !== null && object >= 0 && mayBe(entry, objects, object)) {
      const there = await readable(contentAt(stores[place.location], area.storeKey(place.location, place.key)));
      const isListed = there !== null && comparableEtag(there.etag) === comparableEtag(objects.etag(object));
      if (isListed && (await isCopy(ledger, entry, there.content))) {
        found.set(entry.file, objects.etag(object));
      }
    }
  }
  return found;
}

/** The state as it is where these have been put back. */
export function withPutBack(state: LedgerState, putBack: PutBack): LedgerState {
  const retired = state.retired.map((entry) => {
    const restoredEtag = putBack.get(entry.file);
    return restoredEtag === undefined ? entry : { ...entry, state: 'restored' as const, restoredEtag };
  });
  return { ...state, retired };
}

/** Whether some content is, byte for byte, that of a retired root. */
async function isCopy(ledger: LedgerStore, { file }: RetiredRoot, content: Uint8Array): Promise<boolean> {
  const chunks = await ledger.readFile(file);
  return chunks !== null && (await buffer(chunks)).equals(content);
}

interface Content {
  readonly etag: string;
  readonly content: Uint8Array;
}

/** What is in a place now; null for nothing. @throws StoreError */
export async function contentAt(store: ObjectStore | undefined, key: string): Promise<Content | null> {
  const outcome = await store?.read(key);
  return outcome?.found ? { etag: outcome.etag, content: await buffer(outcome.chunks) } : null;
}

/** A root that can't be read makes the area undecidable, and the survey says why. */
async function readable(content: Promise<Content | null>): Promise<Content | null> {
  try {
    return await content;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

/** The ETags under which it is known anyway need no look. */
function mayBe({ bytes, etag, restoredEtag }: RetiredRoot, objects: ObjectTable, object: number): boolean {
  const known = restoredEtag ?? etag;
  return objects.bytes(object) === bytes && objects.etag(object) !== known && objects.special(object) === undefined;
}
