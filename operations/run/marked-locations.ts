import { foldersAbove } from '#core/area/folders-above.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { printPlace } from '#core/flink/state-path.ts';
import type { FoundMarker, MarkerSpot } from '#operations/ledger/marker.ts';
import { readMarker } from '#operations/ledger/marker.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { StoreError } from '#ports/object-store.ts';

/** Where markers bear on an area: in its locations, in the folders above them, and below them. */

/** A location, with the places in which a marker bears on it. */
export interface MarkedLocation {
  /** Its own. */
  readonly spot: MarkerSpot;
  /** Those of the folders above it. */
  readonly above: readonly MarkerSpot[];
  /** Null where nothing is to be written. */
  readonly writer: AreaWriter | null;
}

/** Where a marker was found in the area, and what writes there. */
export interface ListedSpot {
  readonly spot: MarkerSpot;
  /** That of the location in which it is. */
  readonly around: MarkerSpot;
  readonly writer: AreaWriter | null;
}

/** @param writers by location; where one is missing, nothing is written there. */
export function markedLocations(
  locations: SurveyInput['locations'],
  writers: readonly AreaWriter[],
): readonly MarkedLocation[] {
  return locations.map(({ area: { name, store: itsStore, prefix, hidden }, store, above = [] }, at) => {
    const spotOf = (folder: string, called: string): MarkerSpot => ({
      name: called,
      url: printPlace({ store: itsStore, key: folder }),
      store,
      key: `${folder.slice(hidden)}${MARKER_NAME}`,
    });
    const folders = hidden > 0 ? [] : foldersAbove(prefix).map((folder) => spotOf(folder, `${itsStore}/${folder}`));
    const directories = above.map((folder) => ({
      name: folder.name,
      url: `file://${folder.name.replace(/\/?$/, '/')}`,
      store: folder,
      key: MARKER_NAME,
    }));
    return { spot: spotOf(prefix, name), above: [...folders, ...directories], writer: writers[at] ?? null };
  });
}

/** Where the listing of a survey shows markers, except those of the locations themselves. */
export function listedSpots(
  locations: readonly MarkedLocation[],
  { area, markers }: Pick<Survey, 'area' | 'markers'>,
): readonly ListedSpot[] {
  return markers.flatMap(({ location, key }) => {
    const marked = locations[location];
    if (marked === undefined) return [];
    const url = area.url(location, key.slice(0, -MARKER_NAME.length));
    const spot = { name: url, url, store: marked.spot.store, key: area.storeKey(location, key) };
    return [{ spot, around: marked.spot, writer: marked.writer }];
  });
}

/**
 * The same where there is no survey: lists the whole area.
 *
 * @throws StoreError
 */
export async function spotsBelow({ spot: own, writer }: MarkedLocation): Promise<readonly ListedSpot[]> {
  const below: ListedSpot[] = [];
  const prefix = own.key.slice(0, -MARKER_NAME.length);
  for await (const page of own.store.list({ prefix })) {
    for (const { key, special } of page) {
      if (special === undefined && key !== own.key && key.endsWith(`/${MARKER_NAME}`)) {
        const url = `${own.url}${key.slice(prefix.length, -MARKER_NAME.length)}`;
        below.push({ spot: { name: url, url, store: own.store, key }, around: own, writer });
      }
    }
  }
  return below;
}

/**
 * Reads a marker that may lie in somebody else's folder.
 *
 * @param onDenied called with a sentence where that is not allowed.
 * @throws StoreError, LedgerError for a marker that can't be read.
 */
export async function readIfAllowed(
  spot: MarkerSpot,
  onDenied: (sentence: string) => void,
): Promise<FoundMarker | null> {
  try {
    return await readMarker(spot);
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'denied')) throw error;
    onDenied(`Whether another ledger is responsible for ${spot.name} can't be seen: ${error.message}`);
    return null;
  }
}
