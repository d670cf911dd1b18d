import pMap from 'p-map';
import type { Area } from '#core/area/area.ts';
import { type FirstRoots, searchForFirstRoots } from '#core/collect/first-roots.ts';
import type { KeyBounds, RootSearch, RootSearchInput, SearchedFolder } from '#core/collect/root-search.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { compareKeys } from '#core/key-order.ts';
import { type ListedRoot, listBelow, listRoots, rootsAmong, type SurveyedLocation } from './root-listing.ts';

/** How the roots of a location are listed again. */
export interface RootLook {
  readonly area: Area;
  /** What the listing of all objects showed. */
  readonly objects: ObjectTable;
  /** Directories that hold or held roots, of this location: whole, with closing slashes. */
  readonly held: ReadonlySet<string>;
  /** How far first roots are looked for as well. */
  readonly first: FirstRoots;
  /** The part of the location that the objects are of; nothing else is listed. @default the whole location */
  readonly within?: KeyBounds;
  readonly signal?: AbortSignal | undefined;
}

const REQUESTS_AT_ONCE = 16;

/**
 * Lists the roots of a location after all of its objects were listed.
 *
 * Where requests are paid for, few are made, whatever folders there are ({@link RootSearch}). Otherwise all folders are
 * walked.
 */
export async function listRootsAgain(place: SurveyedLocation, look: RootLook): Promise<readonly ListedRoot[]> {
  const { area, signal } = look;
  const { keysPerRequest } = place.store;
  if (keysPerRequest === undefined) return await listRoots(area, place, signal);
  return await listSearch(place, searchOf(place, keysPerRequest, look), look);
}

/** Lists the roots that a search looks for. @throws StoreError */
export async function listSearch(
  place: SurveyedLocation,
  { ranges, folders }: RootSearch,
  look: Pick<RootLook, 'area' | 'within' | 'signal'>,
): Promise<readonly ListedRoot[]> {
  const { area, signal } = look;
  const options = signal === undefined ? {} : { signal };
  const prefix = area.storeKey(place.location, prefixOf(area, place));
  const inRanges = pMap(
    ranges,
    async ({ after, until, keys }) => {
      const range = {
        prefix,
        ...(after === undefined ? {} : { after: area.storeKey(place.location, after) }),
        ...(until === undefined ? {} : { until: area.storeKey(place.location, until) }),
      };
      const found: ListedRoot[] = [];
      for await (const page of place.store.list(range, { ...options, expected: keys })) {
        found.push(...rootsAmong(page, area, place.location));
      }
      return found;
    },
    { concurrency: REQUESTS_AT_ONCE },
  );
  const beside = pMap(folders, (folder) => listNew(place, folder, look), { concurrency: REQUESTS_AT_ONCE });
  return (await Promise.all([inRanges, beside])).flat(2);
}

/** Where roots of a location are looked for once its objects were listed. @param keysPerRequest of its store. */
export function searchOf(place: SurveyedLocation, keysPerRequest: number, look: RootLook): RootSearch {
  const { area, objects, held, first, within } = look;
  const { location } = place;
  const input: RootSearchInput = { objects, location, prefix: prefixOf(area, place), held, keysPerRequest, within };
  return searchForFirstRoots(input, first);
}

/** The roots in a folder, and those in folders below it that the listing did not show. */
async function listNew(
  { location, store }: SurveyedLocation,
  { path, known }: SearchedFolder,
  { area, within = {}, signal }: Pick<RootLook, 'area' | 'within' | 'signal'>,
): Promise<readonly ListedRoot[]> {
  const found: (readonly ListedRoot[])[] = [];
  for await (const page of store.children(area.storeKey(location, path), signal === undefined ? {} : { signal })) {
    found.push(rootsAmong(page.objects, area, location));
    for (const child of page.folders.map((folder) => area.wholeKey(location, folder))) {
      // What has come since the listing is little, so its folders are not walked.
      if (!known.has(child) && beginsIn(within, child))
        found.push(await listBelow(area, { location, store }, child, signal));
    }
  }
  return found.flat();
}

/** Whether a folder that the listing did not show begins in a part of the location: one part of all lists it. */
function beginsIn({ after, until }: KeyBounds, folder: string): boolean {
  const isBehind = after !== undefined && compareKeys(folder, after) <= 0;
  return !isBehind && (until === undefined || compareKeys(folder, until) <= 0);
}

function prefixOf(area: Area, { location }: SurveyedLocation): string {
  return area.locations[location]?.prefix ?? '';
}
