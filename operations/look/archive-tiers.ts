import type { Area } from '#core/area/area.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { type ArchiveTier, StoreError } from '#ports/object-store.ts';
import type { SurveyedLocation } from './root-listing.ts';

/** Objects that the store moves between tiers by itself, of which a listing does not tell the tier. */

/** What could not be learnt of the archive tiers of a bucket, in sentences. */
export type ArchiveNotes = readonly string[];

const DAY = 24 * 3_600_000;

/**
 * Marks the objects that may lie in an archive tier: those of the class `tiering` that are old enough for one which the
 * bucket has. A bucket is asked only where it holds such an object.
 *
 * @param start of the survey, epoch milliseconds.
 */
export async function markArchiveTiers(
  area: Area,
  objects: ObjectTable,
  locations: readonly SurveyedLocation[],
  start: number,
  signal: AbortSignal | undefined,
): Promise<ArchiveNotes> {
  const tiering = locationsWithTiering(objects);
  const tiers = new Map<number, readonly ArchiveTier[]>();
  const notes = new Set<string>();
  for (const { location, store } of locations) {
    if (!tiering.has(location) || store.archiveTiers === undefined) continue;
    try {
      tiers.set(location, await store.archiveTiers(signal === undefined ? {} : { signal }));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      notes.add(`${error.message.replace(/\.$/, '')}. Until then they count as if they can.`);
    }
  }
  for (let object = 0; tiers.size > 0 && object < objects.size; object++) {
    if (objects.isTiering(object) && mayBeArchived(area, objects, object, tiers, start)) {
      objects.markArchived(object);
    }
  }
  return [...notes];
}

function locationsWithTiering(objects: ObjectTable): ReadonlySet<number> {
  const found = new Set<number>();
  for (let object = 0; objects.holdsTiering && object < objects.size; object++) {
    if (objects.isTiering(object)) found.add(objects.location(object));
  }
  return found;
}

function mayBeArchived(
  area: Area,
  objects: ObjectTable,
  object: number,
  tiers: ReadonlyMap<number, readonly ArchiveTier[]>,
  start: number,
): boolean {
  const location = objects.location(object);
  const age = start - objects.modified(object);
  const key = area.storeKey(location, objects.key(object));
  return (tiers.get(location) ?? []).some(({ prefix, days }) => key.startsWith(prefix) && age >= days * DAY);
}
