import { METADATA_NAME } from '#core/flink/names.ts';
import { parseFlinkPath, placeOf, printPlace } from '#core/flink/state-path.ts';
import { isInside, type OutsidePart } from './outside-part.ts';

/** A root around the area that a person names. */
export interface FoundOutsideRoot {
  /** What the ledger knows it by. */
  readonly url: string;
  readonly etag: string;
}

/**
 * The outside root that a person names, by the URL of its directory or of its `_metadata`.
 *
 * @returns null where there is none around the area.
 * @throws StoreError
 */
export async function findOutsideRoot(parts: readonly OutsidePart[], text: string): Promise<FoundOutsideRoot | null> {
  const path = parseFlinkPath(text.replace(new RegExp(`(?:^|/)(?:${METADATA_NAME})?$`), ''));
  if (path === null) return null;
  const directory = placeOf(path);
  const place = { ...directory, key: `${directory.key === '' ? '' : `${directory.key}/`}${METADATA_NAME}` };
  for (const part of parts.filter(({ store, base }) => store === place.store && place.key.startsWith(base))) {
    const key = place.key.slice(part.base.length);
    const outcome = isInside(part, key) ? null : await part.reader.read(key, { from: 0, to: 0 });
    if (outcome?.found) {
      await outcome.chunks[Symbol.asyncIterator]().return?.();
      return { url: printPlace(place), etag: outcome.etag };
    }
  }
  return null;
}
