import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Area } from '#core/area/area.ts';
import type { RootCache } from '#operations/ledger/root-cache.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { atLeastRate } from './least-rate.ts';
import type { ListedRoot } from './root-listing.ts';

/** The content of a root, opened. */
export interface RootContent {
  /** Of what is read, which may be another content than the listed one. */
  readonly etag: string;
  readonly bytes: number;
  /** LastModified of what is read, epoch milliseconds. */
  readonly modified: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** In place of the reading of the chunks. */
  discard(): Promise<void>;
}

/** What opening a root takes. */
export interface ContentInput {
  readonly area: Area;
  readonly cache?: RootCache;
  readonly signal?: AbortSignal;
  /** Milliseconds from any beginning, to measure how fast a content comes. */
  readonly passed: () => number;
}

/**
 * The content of a root: from where it lies, or of an archived one from its copy.
 *
 * @param completed when the listed content was complete, epoch milliseconds.
 * @param most only so many bytes of it are read; the copies in the cache are smaller.
 * @returns null where the store says that there is none.
 * @throws StoreError, also while the chunks are read
 */
export async function openRoot(
  { area, cache, signal, passed }: ContentInput,
  store: ObjectStore,
  listed: ListedRoot,
  completed: number,
  most?: number,
): Promise<RootContent | null> {
  const url = area.url(listed.location, listed.key);
  try {
    const range = most === undefined ? {} : { to: most - 1 };
    const options = signal === undefined ? range : { ...range, signal };
    const outcome = await store.read(area.storeKey(listed.location, listed.key), options);
    if (!outcome.found) {
      return null;
    }
    // What is kept is known by the ETag that was read.
    const { etag, bytes, modified } = outcome;
    const chunks = atLeastRate(outcome.chunks, passed);
    const isWanted = cache?.wants({ url, etag, completed, bytes }) ?? false;
    const kept = cache !== undefined && isWanted ? keeping(chunks, cache, url, etag) : chunks;
    return { etag, bytes, modified, chunks: kept, discard: () => closed(outcome.chunks) };
  } catch (error) {
    const isArchived = error instanceof StoreError && error.code === 'archived';
    const copy = isArchived ? ((await cache?.read(url, listed.etag)) ?? null) : null;
    if (copy === null) {
      throw error;
    }
    const chunks = Readable.from([copy]);
    return { ...listed, bytes: copy.length, chunks, discard: async () => {} };
  }
}

/** A generator that was never begun would not close what it reads from. */
async function closed(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await chunks[Symbol.asyncIterator]().return?.();
}

/** Passes a root's content on, and keeps a copy of it once it was read to its end. */
async function* keeping(
  chunks: AsyncIterable<Uint8Array>,
  cache: RootCache,
  url: string,
  etag: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) {
    read.push(chunk);
    yield chunk;
  }
  await cache.keep(url, etag, Buffer.concat(read));
}
