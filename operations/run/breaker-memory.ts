import { areaIdentity, type BreakerMemory, lostLocations } from '#core/collect/breakers.ts';
import type { Root } from '#core/collect/roots.ts';
import { loggedDeletions, mayBeGone } from '#operations/ledger/audit-log.ts';
import type { Recollection } from '#operations/ledger/run-memory.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** What the ledger tells the breakers. @throws StoreError */
export async function breakerMemory(
  store: LedgerStore,
  { record }: Pick<Recollection, 'record'>,
  { area, reachability }: Pick<Survey, 'area'> & { readonly reachability: { readonly roots: readonly Root[] } },
): Promise<BreakerMemory> {
  const missing = new Set(reachability.roots.flatMap((root) => root.missing.map(({ url }) => url)));
  const ours = new Set<string>();
  if (missing.size > 0) {
    // The log can be long; it is read only where something is missing.
    for await (const deletion of loggedDeletions(store)) {
      const url = area.ownUrl(deletion.url);
      if (missing.has(url) && mayBeGone(deletion)) {
        ours.add(url);
      }
    }
  }
  return {
    lastRun: record?.lastRun ?? null,
    lostLocations: lostLocations(record?.area ?? [], areaIdentity(area)),
    deletedByUs: (url) => ours.has(url),
  };
}
