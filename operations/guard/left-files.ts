import type { LeftFile } from '#core/guard/forecast.ts';
import { namedBy, type RootPlaces } from './current-roots.ts';

/** What is left of a broken restore point: how long it will stay is told by the rule that broke it. */

/**
 * A root and its files, as far as they are there; of a root that is gone, the files of its own directory.
 *
 * @param root URL.
 * @throws StoreError
 */
export async function leftFilesOf(root: string, places: RootPlaces): Promise<readonly LeftFile[]> {
  const own = folderOf(root);
  const named = (await namedBy(root, 'all', places))?.found;
  if (named === undefined) return await filesIn(own, places, () => true);
  const folders = new Set([own, ...[...named.keys()].map(folderOf)]);
  const left: LeftFile[] = [];
  for (const folder of folders) {
    left.push(
      ...(await filesIn(folder, places, (url) => folderOf(url) === folder && (url === root || named.has(url)))),
    );
  }
  return left;
}

function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf('/') + 1);
}

async function filesIn(
  directory: string,
  { area, stores, signal }: RootPlaces,
  isOurs: (url: string) => boolean,
): Promise<readonly LeftFile[]> {
  const left: LeftFile[] = [];
  const place = area.placeOfUrl(directory);
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) return left;
  const range = { prefix: area.storeKey(place.location, place.key) };
  for await (const page of store.list(range, signal === undefined ? {} : { signal })) {
    for (const { key: storeKey, bytes, modified } of page) {
      const key = area.wholeKey(place.location, storeKey);
      if (isOurs(area.url(place.location, key))) left.push({ key, bytes, modified });
    }
  }
  return left;
}
