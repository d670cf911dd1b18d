import { isCovered } from '#core/scope/remainder.ts';
import type { ObjectStore } from '#ports/object-store.ts';

/** The surroundings of a part of the area: the rest of a bucket, or the folders around a directory. */
export interface OutsidePart {
  /** By what the ledger knows it. */
  readonly id: string;
  readonly kind: 'bucket' | 'directory';
  /** As people know it: `s3://bucket`, or the path of a folder. */
  readonly name: string;
  /** What references call it: `s3://bucket`, `file://`. */
  readonly store: string;
  /** What of a key there `reader` and `ordered` do not know: empty for a bucket. */
  readonly base: string;
  /** Reads it, and lists it as fast as it can. */
  readonly reader: ObjectStore;
  /**
   * Lists it too, with its pages in the order of keys: a listing that is cut short can be resumed behind the last. Of a
   * directory it lists the whole, and has a bound of its own to the entries that it looks at.
   */
  readonly ordered: ObjectStore;
  /** Prefixes of the area, as `reader` knows them. */
  readonly area: readonly string[];
  /** Prefixes of the steward's own ledgers. */
  readonly ledgers: readonly string[];
  /** Whether only roots count that reference a file of the area. */
  readonly namingOnly: boolean;
  /** What could not be listed and is left out by rule, in sentences. @default nothing */
  readonly leftOut?: () => readonly string[];
}

/** Whether a key, or a whole folder, is part of the area or of a ledger. */
export function isInside(part: OutsidePart, key: string): boolean {
  return isCovered(key, part.area) || isCovered(key, part.ledgers);
}
