import pMap from 'p-map';
import type { RootPlaces } from './current-roots.ts';

/** Whether objects are there. By listing, which every role of the steward may, and which knows no cached answers. */

const AT_ONCE = 16;

/** Of some objects, those that are not there. @param urls under the area's own names. @throws StoreError */
export async function absentOf(urls: readonly string[], places: RootPlaces): Promise<ReadonlySet<string>> {
  const absent = await pMap(urls, async (url) => ((await isThere(url, places)) ? [] : [url]), { concurrency: AT_ONCE });
  return new Set(absent.flat());
}

async function isThere(url: string, { area, stores, signal }: RootPlaces): Promise<boolean> {
  const place = area.placeOfUrl(url);
  const store = place === null ? undefined : stores[place.location];
  // Nobody can say that it is gone.
  if (place === null || store === undefined) return true;
  const key = area.storeKey(place.location, place.key);
  const options = signal === undefined ? { expected: 1 } : { expected: 1, signal };
  for await (const page of store.list({ prefix: key }, options)) {
    // Of all keys that begin so, it is the first one.
    if (page.some((object) => object.key === key)) return true;
    if (page.length > 0) return false;
  }
  return false;
}
