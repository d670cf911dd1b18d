import type { StoreHonours } from '#core/store-honours.ts';

/** The port to a store that is found out about: by writing, listing and deleting objects of the steward's own. */
export interface StoreProbe {
  /**
   * Where the store is reached, `https://host:port`, without asking it anything. Null for Amazon S3, of which AWS
   * documents what it honours: it is never probed.
   */
  endpoint(): Promise<string | null>;
  /**
   * Finds out what the store honours. What it wrote is deleted again, with what earlier probes were killed over.
   *
   * @param signal ends the requests that are under way.
   * @throws StoreError where it could not be found out; then nothing is known. RangeError for Amazon S3.
   */
  probe(signal?: AbortSignal): Promise<StoreHonours>;
}
