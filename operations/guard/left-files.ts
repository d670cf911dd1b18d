import type { Area, PlaceInArea } from '#core/area/area.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { parseFlinkPath, placeOf, resolveReference } from '#core/flink/state-path.ts';
import type { LeftFile } from '#core/guard/forecast.ts';
import type { RootPlaces } from './current-roots.ts';

/** What is left of a broken restore point: how long it will stay is told by the rule that broke it. */

/** Of a larger root not all is told. A name in a set takes some hundred bytes. */
const MOST_FILES = 500_000;

/**
 * The files of a root that are still there, in the directory of the job and its own.
 *
 * @param root URL. @param directories URLs, each with a closing slash.
 * @throws StoreError
 */
export async function leftFilesOf(
  root: string,
  directories: readonly string[],
  places: RootPlaces,
): Promise<readonly LeftFile[]> {
  const { area, stores, signal } = places;
  const named = await namesIn(root, places);
  const left: LeftFile[] = [];
  for (const directory of named.size === 0 ? [] : directories) {
    const place = area.placeOfUrl(directory);
    const store = place === null ? undefined : stores[place.location];
    if (place === null || store === undefined) continue;
    const options = signal === undefined ? {} : { signal };
    for await (const page of store.list({ prefix: area.storeKey(place.location, place.key) }, options)) {
      for (const { key: storeKey, bytes, modified } of page) {
        const key = area.wholeKey(place.location, storeKey);
        if (named.has(area.url(place.location, key))) left.push({ key, bytes, modified });
      }
    }
  }
  return left;
}

async function namesIn(url: string, { area, stores, signal }: RootPlaces): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const place = area.placeOfUrl(url);
  const options = signal === undefined ? {} : { signal };
  const read =
    place === null ? undefined : await stores[place.location]?.read(area.storeKey(place.location, place.key), options);
  if (read === undefined || !read.found) return names;
  const directory = parseFlinkPath(url.slice(0, url.lastIndexOf('/')));
  const visitor = {
    reference: (reference: FileReference): void => {
      const found = directory === null ? null : placeIn(area, resolveReference(reference, directory));
      if (found !== null && names.size < MOST_FILES) names.add(area.url(found.location, found.key));
    },
  };
  try {
    await readMetadata(read.chunks, visitor, { fileBytes: read.bytes });
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
  }
  return names;
}

function placeIn(area: Area, path: ReturnType<typeof resolveReference>): PlaceInArea | null {
  const found = path === null ? null : area.locate(placeOf(path));
  return found?.within === 'area' ? found : null;
}
