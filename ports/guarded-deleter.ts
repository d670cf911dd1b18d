import type { DeletionGuard } from '#core/store-honours.ts';

/**
 * The port to deletion. Only what executes a judged plan or retires a root may import it; a test asserts that.
 */

/** One object to delete, as it was when it was judged. */
export interface GuardedKey {
  readonly key: string;
  readonly etag: string;
}

/** What became of one key of a deletion. */
export type DeleteOutcome =
  /** With the id of the delete marker that it left behind, where the place keeps versions. */
  | { readonly key: string; readonly outcome: 'deleted'; readonly versionId?: string }
  /** It had gone already, which is what was wanted. */
  | { readonly key: string; readonly outcome: 'gone' }
  /** Its ETag has changed since it was judged, so it is kept. */
  | { readonly key: string; readonly outcome: 'changed' }
  /** It is kept; the sentence gives the reason. */
  | { readonly key: string; readonly outcome: 'refused'; readonly why: string };

/** Deletes exact keys, each only while its ETag is unchanged. There is no way to delete by prefix. */
export interface GuardedDeleter {
  /** At most 1,000 keys. One outcome per key, in the order given. */
  delete(batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]>;
  /** The same one, for a store of which a probe found out what it honours. Absent where nothing is to be found out. */
  heeding?(guard: DeletionGuard): GuardedDeleter;
}
