import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';

/** The newest version of every key, in the order of the keys' UTF-8 bytes. */
export interface ObjectIndex {
  readonly size: number;
  /** Whether no character of any key lies beyond U+FFFF. */
  readonly allPlain: boolean;
  get(key: string): StoredVersion | undefined;
  /**
   * Reads on from the first key that is not before.
   *
   * @param isBefore true for the keys of a beginning of the order and for no others. The index must not change while
   *   the cursor is in use.
   */
  seek(isBefore: (key: string) => boolean): Cursor;
}

/** Gives the next one at each call, `undefined` at the end. */
export type Cursor = () => StoredVersion | undefined;

export interface WritableIndex extends ObjectIndex {
  /** Takes the place of what is there of the same key. */
  set(newest: StoredVersion): void;
  remove(key: string): void;
}

/** The first number below `size` for which `isBefore` is false, else `size`. */
export function partitionPoint(size: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
