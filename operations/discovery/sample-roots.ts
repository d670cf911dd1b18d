import pMap from 'p-map';
import { placeIn } from '#core/discovery/draft.ts';
import { type FolderLook, traitsOf } from '#core/discovery/folder-look.ts';
import { spread } from '#core/discovery/next-looks.ts';
import { ReferenceSample, type SampledRoot } from '#core/discovery/sampled-root.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { Place } from '#core/flink/state-path.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';

/** Reads some checkpoints and savepoints, for the files that they reference. */

/** So many are read of one place, and so much of each. */
export const MOST_ROOTS = 100;
const MOST_BYTES = 8 * 1024 * 1024;
/** Savepoints of one folder. */
const MOST_SAVEPOINTS = 8;
/** A checkpoint in progress has no `_metadata` yet, and one may be subsumed meanwhile. */
const ATTEMPTS = 3;
const SIDE_BY_SIDE = 8;
/** The most reads of one place: each of its roots may need some attempts. */
export const MOST_READS = MOST_ROOTS * ATTEMPTS;

/**
 * The newest checkpoint of each job directory that was looked into, some savepoints, and what else is named `_metadata`.
 *
 * @param top the place of the store's empty key.
 * @throws StoreError where none of them may be read, because these credentials lack the right.
 */
export async function sampleRoots(
  store: ObjectStore,
  top: Place,
  looks: readonly FolderLook[],
  signal?: AbortSignal,
): Promise<readonly SampledRoot[]> {
  const candidates = spread(looks.flatMap(candidatesIn), MOST_ROOTS);
  const read = await pMap(candidates, async (keys) => await readFirst(store, top, keys, signal), {
    concurrency: SIDE_BY_SIDE,
  });
  const roots = read.flatMap((each) => (each instanceof StoreError ? [] : (each ?? [])));
  const denied = read.find((each) => each instanceof StoreError && each.code === 'denied');
  if (roots.length === 0 && denied instanceof StoreError) throw denied;
  return roots;
}

/** Keys of roots, each with those to try in its place. */
function candidatesIn(look: FolderLook): readonly (readonly string[])[] {
  const { checkpoints, savepoints, holdsRoot } = traitsOf(look);
  const keyIn = (folder: string): string => `${look.path}${folder}/${METADATA_NAME}`;
  return [
    ...(checkpoints.length === 0 ? [] : [checkpoints.slice(0, ATTEMPTS).map(keyIn)]),
    ...spread(savepoints, MOST_SAVEPOINTS).map((folder) => [keyIn(folder)]),
    ...(holdsRoot ? [[`${look.path}${METADATA_NAME}`]] : []),
  ];
}

/** The first that is there; an error is returned, because one unreadable root tells nothing of the others. */
async function readFirst(
  store: ObjectStore,
  top: Place,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SampledRoot | StoreError | null> {
  for (const key of keys) {
    try {
      const root = await readOne(store, top, key, signal);
      if (root !== null) return root;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof StoreError)) throw error;
      return error;
    }
  }
  return null;
}

async function readOne(
  store: ObjectStore,
  top: Place,
  key: string,
  signal: AbortSignal | undefined,
): Promise<SampledRoot | null> {
  const outcome = await store.read(key, { to: MOST_BYTES - 1, ...(signal === undefined ? {} : { signal }) });
  if (!outcome.found) return null;
  const sample = new ReferenceSample(placeIn(top, key));
  try {
    await readMetadata(outcome.chunks, sample);
    return sample.end(true);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return sample.end(false);
  }
}
