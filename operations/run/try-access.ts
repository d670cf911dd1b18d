import { Buffer } from 'node:buffer';
import { PROBE_NAME } from '#core/collect/marker-name.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { DeleteOutcome, GuardedDeleter } from '#ports/guarded-deleter.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';

/** Finds out whether a location may be written and deleted in, with one object of the steward's own. */

const NAME = `${PROBE_NAME}rights`;
const CONTENT = Buffer.from('Here the steward finds out whether it may write and delete. It may be deleted.\n');

/** A location whose rights are tried. */
export interface TriedLocation {
  readonly store: ObjectStore;
  /** Where objects are written, as the store knows it: empty, or with a closing slash. */
  readonly prefix: string;
  readonly writer: AreaWriter;
  readonly deleter: GuardedDeleter;
}

/** What came of trying. */
export interface TriedAccess {
  /** The object that was tried with, as the store knows it. */
  readonly key: string;
  /** Why it could not be written; null where it was. */
  readonly writing: StoreError | null;
  /** What became of deleting it; null where there was nothing to delete. */
  readonly deleting: DeleteOutcome | null;
}

/**
 * Writes the object and deletes it under its ETag. One that an earlier try could not delete is written over and deleted.
 *
 * @throws StoreError where it could not be read what is there.
 */
export async function tryAccess(
  { store, prefix, writer, deleter }: TriedLocation,
  signal?: AbortSignal,
): Promise<TriedAccess> {
  const key = `${prefix}${NAME}`;
  const before = await etagOf(store, key, signal);
  let writing: StoreError | null = null;
  try {
    // Where another doctor writes it at the same moment, the store has refused that, and not the right to write.
    if (before === null) await writer.putIfAbsent(key, CONTENT);
    else await writer.replace(key, CONTENT, before);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    writing = error;
  }
  const etag = await etagOf(store, key, signal);
  if (etag === null) return { key, writing, deleting: null };
  const [deleting = null] = await deleter.delete([{ key, etag }], signal);
  return { key, writing, deleting };
}

async function etagOf(store: ObjectStore, key: string, signal: AbortSignal | undefined): Promise<string | null> {
  const outcome = await store.read(key, signal === undefined ? {} : { signal });
  if (!outcome.found) return null;
  for await (const _ of outcome.chunks) {
    // Read to its end, so that its connection is free again.
  }
  return outcome.etag;
}
