import type { Area } from '#core/area/area.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** A root that a person names. */
export interface FoundRoot {
  /** Under the area's own name of its place: what the ledger knows it by. */
  readonly url: string;
  readonly location: number;
  readonly key: string;
  readonly etag: string;
}

/**
 * The root that a person names: by the URL or the path of its directory, as `flink run -s` takes it, or by that of its
 * `_metadata`.
 *
 * @param stores by location.
 * @returns null where there is none.
 * @throws StoreError
 */
export async function findRoot(area: Area, stores: readonly ObjectStore[], text: string): Promise<FoundRoot | null> {
  const path = text.replace(new RegExp(`(?:^|/)(?:${METADATA_NAME})?$`), '');
  const flinkPath = parseFlinkPath(path);
  const named = flinkPath?.scheme == null ? null : area.locate(placeOf(flinkPath));
  const candidates =
    named?.within === 'area'
      ? [{ location: named.location, key: named.key }]
      : area.locations.flatMap((_, location) => [
          { location, key: area.wholeKey(location, path) },
          { location, key: path },
        ]);
  for (const { location, key } of candidates) {
    const root = `${key}${key === '' || key.endsWith('/') ? '' : '/'}${METADATA_NAME}`;
    if (root.startsWith(area.locations[location]?.prefix ?? '')) {
      const outcome = await stores[location]?.read(area.storeKey(location, root), { from: 0, to: 0 });
      if (outcome?.found) {
        await outcome.chunks[Symbol.asyncIterator]().return?.();
        return { url: area.url(location, root), location, key: root, etag: outcome.etag };
      }
    }
  }
  return null;
}
