import pMap from 'p-map';
import { METADATA_NAME } from '#core/flink/names.ts';
import { type NamedFile, NamedFiles } from '#core/guard/named-files.ts';
import type { LostObject } from '#operations/ledger/lost-objects.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { absentOf } from './absent.ts';
import { namedIn, type RootPlaces } from './current-roots.ts';

/** Roots that were deleted, as their last versions know them: a restore point is more than its `_metadata`. */

export interface WriterPlaces extends RootPlaces {
  /** By location. */
  readonly writers: readonly AreaWriter[];
}

/** A root that a deletion hides, or that is gone. */
export interface TakenRoot {
  readonly root: LostObject;
  /** What it named, by URL; nothing where no version of it can be read. */
  readonly names: ReadonlyMap<string, NamedFile>;
  /** When it was hidden, epoch milliseconds; null where that is not known. */
  readonly hidden: number | null;
}

const AT_ONCE = 4;

/** Of lost roots, those that are still gone. @throws StoreError */
export async function takenRoots(roots: readonly LostObject[], places: WriterPlaces): Promise<readonly TakenRoot[]> {
  const absent = await absentOf(
    roots.map(({ url }) => url),
    places,
  );
  return await pMap(
    roots.filter(({ url }) => absent.has(url)),
    async (root) => await takenRoot(root, places),
    { concurrency: AT_ONCE },
  );
}

async function takenRoot(root: LostObject, { area, writers, signal }: WriterPlaces): Promise<TakenRoot> {
  const nothing = { root, names: new Map<string, NamedFile>(), hidden: null };
  const place = area.placeOfUrl(root.url);
  const writer = place === null ? undefined : writers[place.location];
  if (place === null || writer?.lastContent === undefined || writer.readLast === undefined) return nothing;
  const key = area.storeKey(place.location, place.key);
  const last = await writer.lastContent(key);
  if (last === null) return nothing;
  const { readLast } = writer;
  const named = await namedIn(
    new NamedFiles(area, root.url, 'all'),
    async () => await readLast.call(writer, key, last, signal),
  );
  return named === null ? { ...nothing, hidden: last.hidden } : { root, names: named.found, hidden: last.hidden };
}

/**
 * What a root named and is gone, as lost objects, with what tells who took it.
 *
 * @throws StoreError
 */
export async function missingOf(
  { root, names, hidden }: TakenRoot,
  places: RootPlaces,
): Promise<readonly LostObject[]> {
  const absent = await absentOf(names.keys(), places);
  const { takenBy } = root;
  return [...names.values()]
    .filter(({ url }) => absent.has(url))
    .map(({ url, bytes }) => ({
      url,
      bytes,
      roots: [root.url],
      ...(takenBy === undefined ? {} : { takenBy: { ...takenBy, since: hidden ?? takenBy.since } }),
    }));
}

/** Whether an object is the `_metadata` of a checkpoint or savepoint. */
export function isRoot(url: string): boolean {
  return url.endsWith(`/${METADATA_NAME}`);
}
