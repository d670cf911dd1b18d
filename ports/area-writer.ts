import type { ReadOutcome } from './object-store.ts';

/**
 * The port for the few things that the steward writes into an area: its marker, and what `undo` brings back. Nothing
 * that exists is ever overwritten.
 */
export interface AreaWriter {
  /** Of a small object. @throws StoreError */
  putIfAbsent(key: string, content: Uint8Array, options?: PutOptions): Promise<PutOutcome>;
  /** Replaces a small object that is still the one of this ETag. @throws StoreError */
  replace(key: string, content: Uint8Array, etag: string): Promise<PutOutcome>;
  /**
   * Brings back what a deletion left behind in a versioned place, as it was: content, ETag and LastModified.
   *
   * @throws StoreError
   */
  restore(deleted: DeletedObject): Promise<RestoreOutcome>;
  /** Whether {@link restore} can bring it back, without doing so. @throws StoreError */
  canRestore(deleted: DeletedObject): Promise<RestoreOutcome>;
  /**
   * The newest content that there was under a key, whether it is there or a deletion hides it. Null where none is left.
   * Absent of a place where a deletion leaves nothing behind.
   *
   * @throws StoreError
   */
  lastContent?(key: string): Promise<LastContent | null>;
  /**
   * Reads a content that {@link lastContent} has told of. Absent where that is.
   *
   * @throws StoreError, also while the chunks are read
   */
  readLast?(key: string, last: LastContent, signal?: AbortSignal): Promise<ReadOutcome>;
}

/** A content, by which {@link AreaWriter.restore} knows it. */
export interface LastContent {
  readonly etag: string;
  readonly bytes: number;
  /** As its place names it. */
  readonly version: string;
  /** When the newest of the deletions that hide it happened, epoch milliseconds; null where it is there. */
  readonly hidden: number | null;
}

/** How an object is written. */
export interface PutOptions {
  /** LastModified to give it where the place allows that (a directory does, a bucket does not), epoch milliseconds. */
  readonly modified?: number;
}

/** What became of a write. */
export type PutOutcome =
  | { readonly outcome: 'written'; readonly etag: string; readonly modified: number }
  /** An object with that name exists (or another one by now), and is not changed. */
  | { readonly outcome: 'exists' };

/** An object that a run deleted. */
export interface DeletedObject {
  readonly key: string;
  /** The ETag under which it was deleted. */
  readonly etag: string;
}

/** What became of putting an object back. */
export type RestoreOutcome =
  | { readonly outcome: 'restored' }
  /** It is there, with that ETag. */
  | { readonly outcome: 'present' }
  /** It can't come back; the sentence says why. */
  | { readonly outcome: 'lost'; readonly why: string };
