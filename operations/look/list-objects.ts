import type { Area } from '#core/area/area.ts';
import type { HiddenEntry } from '#core/collect/decidability.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import type { KeyRange } from '#ports/object-store.ts';
import { type ListedRoot, rootsAmong, type SurveyedLocation } from './root-listing.ts';

/** A part of the keys of a location: all of them, where neither end is told. Whole keys, `until` included. */
export interface ListedRange extends SurveyedLocation {
  readonly after?: string;
  readonly until?: string;
}

/** A steward's marker below a location. */
export interface ListedMarker {
  readonly location: number;
  readonly key: string;
}

/** What a listing of all objects shows. */
export interface Listed {
  /** Sealed. */
  readonly objects: ObjectTable;
  readonly listedRoots: readonly ListedRoot[];
  readonly hidden: readonly HiddenEntry[];
  /** But for those of the locations themselves. */
  readonly markers: readonly ListedMarker[];
}

/** How a listing is made. */
export interface ListingOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each page, with all roots so far. */
  readonly onPage?: (page: { readonly objects: number; readonly bytes: number; readonly roots: number }) => void;
}

/** Lists every object of some ranges. @throws StoreError where a listing failed; then nothing is known. */
export async function listObjects(
  area: Area,
  ranges: readonly ListedRange[],
  { signal, onPage }: ListingOptions,
): Promise<Listed> {
  const objects = new ObjectTable();
  const listedRoots: ListedRoot[] = [];
  const hidden: HiddenEntry[] = [];
  const markers: ListedMarker[] = [];
  for (const range of ranges) {
    const { location, store } = range;
    const keys = keyRange(area, range);
    for await (const page of store.list(keys, signal === undefined ? {} : { signal })) {
      let pageBytes = 0;
      for (const object of page) {
        const { key: storeKey, special } = object;
        const key = area.wholeKey(location, storeKey);
        objects.addAt(location, key, object, special?.what);
        pageBytes += object.bytes;
        if (special === undefined && storeKey.endsWith(MARKER_NAME) && isMarkerBelow(storeKey, keys.prefix)) {
          markers.push({ location, key });
        }
        if (special?.mayHideRoots || special?.secondPath !== undefined) {
          hidden.push({ ...special, url: area.url(location, key) });
        }
      }
      listedRoots.push(...rootsAmong(page, area, location));
      onPage?.({ objects: page.length, bytes: pageBytes, roots: listedRoots.length });
    }
  }
  objects.seal();
  return { objects, listedRoots, hidden, markers };
}

/** The same range as the store knows its keys. */
export function keyRange(area: Area, { location, after, until }: Omit<ListedRange, 'store'>): KeyRange {
  return {
    prefix: area.storeKey(location, area.locations[location]?.prefix ?? ''),
    ...(after === undefined ? {} : { after: area.storeKey(location, after) }),
    ...(until === undefined ? {} : { until: area.storeKey(location, until) }),
  };
}

/** But for the location's own. */
function isMarkerBelow(key: string, prefix: string): boolean {
  return key !== `${prefix}${MARKER_NAME}` && key.endsWith(`/${MARKER_NAME}`);
}
