import pMap from 'p-map';
import type { RootPlaces } from './current-roots.ts';

/** Whether objects are there. By listing, which every role of the steward may, and which knows no cached answers. */

const AT_ONCE = 16;
/** Of so many in one folder it is cheaper to list the folder, a thousand names with each request. */
const MANY = 200;

/** Of some objects, those that are not there. @param urls under the area's own names. @throws StoreError */
export async function absentOf(urls: Iterable<string>, places: RootPlaces): Promise<ReadonlySet<string>> {
  const folders = new Map<string, string[]>();
  for (const url of urls) {
    const folder = url.slice(0, url.lastIndexOf('/') + 1);
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [url]);
    else known.push(url);
  }
  const absent = new Set<string>();
  const single: string[] = [];
  for (const [folder, its] of folders) {
    if (its.length < MANY) single.push(...its);
    else for (const url of await absentIn(folder, its, places)) absent.add(url);
  }
  const looked = await pMap(single, async (url) => ((await isThere(url, places)) ? [] : [url]), {
    concurrency: AT_ONCE,
  });
  for (const url of looked.flat()) absent.add(url);
  return absent;
}

/**
 * The objects of a folder.
 *
 * @param folder URL, with a closing slash. @param most of them. @returns URLs.
 * @throws StoreError
 */
export async function presentIn(folder: string, most: number, places: RootPlaces): Promise<readonly string[]> {
  const { area, stores, signal } = places;
  const place = area.placeOfUrl(folder);
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) return [];
  const present: string[] = [];
  const range = { prefix: area.storeKey(place.location, place.key) };
  for await (const page of store.list(range, signal === undefined ? {} : { signal })) {
    for (const { key } of page) present.push(area.url(place.location, area.wholeKey(place.location, key)));
    if (present.length >= most) break;
  }
  return present;
}

async function absentIn(folder: string, urls: readonly string[], places: RootPlaces): Promise<ReadonlySet<string>> {
  const { area, stores, signal } = places;
  const place = area.placeOfUrl(folder);
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) return new Set();
  const absent = new Set(urls);
  const range = { prefix: area.storeKey(place.location, place.key) };
  for await (const page of store.list(range, signal === undefined ? {} : { signal })) {
    for (const { key } of page) absent.delete(area.url(place.location, area.wholeKey(place.location, key)));
  }
  return absent;
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
    const first = page.at(0);
    if (first !== undefined) return first.key === key;
  }
  return false;
}
