import type { Area } from '#core/area/area.ts';
import type { HiddenEntry } from '#core/collect/decidability.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { CompactPage } from '#core/inventory/compact-page.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import type { KeyRange, ListedObject, ListedPage } from '#ports/object-store.ts';
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
    const above = area.wholeKey(location, '');
    for await (const page of store.list(keys, signal === undefined ? {} : { signal })) {
      const { bytes, others } = addPage(objects, location, page, above);
      for (const { key: storeKey, special } of others) {
        const key = area.wholeKey(location, storeKey);
        if (special === undefined && storeKey.endsWith(MARKER_NAME) && isMarkerBelow(storeKey, keys.prefix)) {
          markers.push({ location, key });
        }
        if (special?.mayHideRoots || special?.secondPath !== undefined) {
          hidden.push({ ...special, url: area.url(location, key) });
        }
      }
      listedRoots.push(...rootsAmong(others, area, location));
      onPage?.({ objects: page.length, bytes, roots: listedRoots.length });
    }
  }
  objects.seal();
  return { objects, listedRoots, hidden, markers };
}

/** Adds a page to the table. @returns its bytes, and those of its objects that may be more than a file of state. */
function addPage(
  objects: ObjectTable,
  location: number,
  page: ListedPage,
  above: string,
): { readonly bytes: number; readonly others: Iterable<ListedObject> } {
  if (page instanceof CompactPage) {
    objects.addPage(location, page, above);
    const seen = { bytes: page.totalBytes(), others: page.withoutUuid() };
    page.release();
    return seen;
  }
  let bytes = 0;
  for (const object of page) {
    objects.addAt(location, above + object.key, object, object.special?.what);
    bytes += object.bytes;
  }
  return { bytes, others: page };
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
