import type { Area } from '#core/area/area.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { FileReference, MetadataSummary } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { type FlinkPath, parseFlinkPath, placeOf, printPlace, resolveReference } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import { type Observation, writeObservations } from '#operations/ledger/observations.ts';
import { readState } from '#operations/ledger/state.ts';
import { unlessParquet } from '#operations/look/parquet-file.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** Looks at roots that have just been completed, and leaves what it saw in the ledger. A hint, never the truth. */

/** Where checkpoints complete. */
export interface ObserveInput {
  readonly area: Area;
  /** By location. */
  readonly stores: readonly ObjectStore[];
  readonly signal?: AbortSignal;
}

/** What was behind a notification. */
export type ObserveOutcome =
  | { readonly outcome: 'observed' | 'unreadable'; readonly observation: Observation }
  /** Flink has replaced it, or somebody has deleted it, before one came to look. */
  | { readonly outcome: 'gone' }
  /** Not a root, or none of this area. */
  | { readonly outcome: 'foreign' };

/**
 * @param url of the object of which one heard, in plain characters.
 * @throws StoreError where it is not known what is there.
 */
export async function observeCheckpoint(url: string, input: ObserveInput): Promise<ObserveOutcome> {
  const { area, stores, signal } = input;
  const place = url.endsWith(`/${METADATA_NAME}`) ? area.placeOfUrl(url) : null;
  const store = place === null ? undefined : stores[place.location];
  if (place === null || store === undefined) {
    return { outcome: 'foreign' };
  }
  const read = await store.read(area.storeKey(place.location, place.key), signal === undefined ? {} : { signal });
  if (!read.found) {
    return { outcome: 'gone' };
  }
  const directory = place.key.slice(0, -METADATA_NAME.length);
  const { job, base } = classifyDirectory(directory);
  const known = {
    observation: 1,
    url,
    etag: read.etag,
    completed: isoTime(read.modified),
    metadataBytes: read.bytes,
    job,
    directory: base,
  } as const;
  const sizes = new Sizes(area, url);
  try {
    const content = await unlessParquet(read.chunks);
    if (content === null) {
      return { outcome: 'foreign' };
    }
    const summary = await readMetadata(content, sizes, { fileBytes: read.bytes });
    const observation = { ...known, ...sizes.with(summary), unreadable: null };
    return { outcome: 'observed', observation };
  } catch (error) {
    if (!(error instanceof MetadataError)) {
      throw error;
    }
    const nothing = { checkpointId: null, kind: null, files: null, bytes: null, exclusiveBytes: null };
    return { outcome: 'unreadable', observation: { ...known, ...nothing, unreadable: error.message } };
  }
}

/**
 * Leaves in the ledger what was seen of a batch of roots. Those that `undo` has put back are left out: their completion was
 * observed when it happened. Which ones these are is asked after all have been read, so that none is missed.
 *
 * @returns those that were left.
 * @throws StoreError, LedgerError
 */
export async function recordObservations(
  observations: readonly Observation[],
  area: Area,
  ledger: LedgerStore,
): Promise<readonly Observation[]> {
  if (observations.length === 0) return [];
  const { retired } = await readState(ledger);
  const restored = new Set(retired.map(({ url, restoredEtag }) => `${area.ownUrl(url)} ${restoredEtag}`));
  const fresh = observations.filter(({ url, etag }) => !restored.has(`${url} ${etag}`));
  await writeObservations(ledger, fresh);
  return fresh;
}

/** Adds up what a root names, each file once. */
class Sizes {
  readonly #area: Area;
  readonly #directory: FlinkPath;
  readonly #own: string;
  /** By place: of a file the largest size that is told, of segments their sum. */
  readonly #files = new Map<string, number>();

  constructor(area: Area, url: string) {
    const directory = url.slice(0, -METADATA_NAME.length - 1);
    this.#area = area;
    this.#directory = parseFlinkPath(directory) ?? { scheme: 's3', authority: null, path: '/' };
    this.#own = `${directory}/`;
  }

  reference(reference: FileReference): void {
    const path = resolveReference(reference, this.#directory);
    const place = path === null ? reference.path : printPlace(this.#area.canonical(placeOf(path)));
    const bytes = Math.max(0, Number(reference.bytes));
    const before = this.#files.get(place) ?? 0;
    this.#files.set(place, reference.segment ? before + bytes : Math.max(before, bytes));
  }

  with({ checkpointId, kind, inlineBytes }: MetadataSummary) {
    let bytes = Number(inlineBytes);
    let exclusiveBytes = 0;
    for (const [place, size] of this.#files) {
      bytes += size;
      exclusiveBytes += place.startsWith(this.#own) ? size : 0;
    }
    return { checkpointId: checkpointId.toString(), kind, files: this.#files.size, bytes, exclusiveBytes };
  }
}
