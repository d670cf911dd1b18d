import type { Area } from '#core/area/area.ts';
import type { Root } from '#core/collect/roots.ts';
import { comparableEtag } from '#core/etag.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { MetadataVisitor } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { RootCache } from '#operations/ledger/root-cache.ts';
import { openRoot } from '#operations/look/root-content.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** What reading a root takes that a survey has read before. */
export interface AgainInput {
  readonly area: Area;
  /** By location of the area. */
  readonly stores: readonly ObjectStore[];
  /** Copies of roots that are in an archive. @default none */
  readonly cache?: RootCache;
  /** Milliseconds from any beginning. @default the real time */
  readonly passed?: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a root a second time, for what a survey does not keep of it: whose each of its files is.
 *
 * @returns false where that very content is not there any more, or is no whole `_metadata`; then what the visitor was
 * told is of no use.
 * @throws StoreError
 */
export async function readRootAgain(
  { area, stores, cache, passed = () => performance.now(), signal }: AgainInput,
  root: Root,
  visitor: MetadataVisitor,
): Promise<boolean> {
  const store = stores[root.location];
  if (store === undefined) throw new RangeError(`${root.location} is no location of the area.`);
  const input = { area, passed, ...(cache && { cache }), ...(signal && { signal }) };
  const content = await openRoot(input, store, { ...root, modified: root.completed }, root.completed);
  if (content === null) return false;
  if (comparableEtag(content.etag) !== comparableEtag(root.etag)) {
    await content.discard();
    return false;
  }
  try {
    await readMetadata(content.chunks, visitor, { fileBytes: content.bytes });
    return true;
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return false;
  }
}
