import type { Area } from '#core/area/area.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { endsWithPath } from '#core/flink/path-end.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/**
 * The URLs of the roots that a person may mean by a part of a path: the end of the path of a root or of its directory
 * (`chk-42`), or a directory that roots lie below. The area is listed for it.
 *
 * @param stores by location.
 * @throws StoreError
 */
export async function rootsByEnd(
  area: Area,
  stores: readonly ObjectStore[],
  texts: readonly string[],
): Promise<readonly string[]> {
  const named = texts.filter((text) => text.replace(/\/+$/, '') !== '');
  const found: string[] = [];
  for (const [location, { prefix }] of area.locations.entries()) {
    const folders = named.flatMap((text) => foldersNamed(area, location, text));
    for await (const page of stores[location]?.list({ prefix: area.storeKey(location, prefix) }) ?? []) {
      for (const { key: storeKey, special } of page) {
        const key = area.wholeKey(location, storeKey);
        const isRoot = special === undefined && `/${key}`.endsWith(`/${METADATA_NAME}`);
        if (
          isRoot &&
          (folders.some((folder) => key.startsWith(folder)) || named.some((text) => endsWithPath(key, text)))
        ) {
          found.push(area.url(location, key));
        }
      }
    }
  }
  return found;
}

/** What a text may mean as a directory of a location, as whole keys with a closing slash. */
function foldersNamed(area: Area, location: number, text: string): readonly string[] {
  const path = parseFlinkPath(text);
  const place = path?.scheme == null ? null : area.locate(placeOf(path));
  const keys =
    place === null
      ? [area.wholeKey(location, text), text]
      : place.within === 'area' && place.location === location
        ? [place.key]
        : [];
  return keys.map((key) => `${key.replace(/\/+$/, '')}/`);
}
