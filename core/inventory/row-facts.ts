import type { StorageClass } from './storage-class.ts';

/** What is known of one object, besides its name. */
export interface RowFacts {
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly etag: string;
  /** How it answers a read: `archived` must be restored before, `tiering` may be moved there by the store. */
  readonly storage?: 'archived' | 'tiering' | undefined;
  /** By which it is billed, where that is not S3 Standard. */
  readonly storageClass?: StorageClass | undefined;
}
