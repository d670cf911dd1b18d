import { isPlain, lessThan } from '#tools/embedded-s3/key-bounds.ts';
import { type Cursor, partitionPoint, type WritableIndex } from '#tools/embedded-s3/object-index.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';

const MOST_IN_SEGMENT = 512;

/**
 * Objects in memory, in segments of a sorted list: an insertion anywhere moves at most one segment's references, and
 * millions of keys that come in order fill segment after segment.
 */
export class SortedObjects implements WritableIndex {
  readonly #segments: StoredVersion[][] = [];
  #size = 0;
  #allPlain = true;

  get size(): number {
    return this.#size;
  }

  /** Stays false when the last other key has gone. */
  get allPlain(): boolean {
    return this.#allPlain;
  }

  get(key: string): StoredVersion | undefined {
    const found = this.#at(this.#place(lessThan(key, this.#allPlain)));
    return found?.key === key ? found : undefined;
  }

  seek(isBefore: (key: string) => boolean): Cursor {
    let { segment, at } = this.#place(isBefore);
    return () => {
      const found = this.#at({ segment, at });
      at++;
      if (at >= (this.#segments[segment]?.length ?? 0)) {
        segment++;
        at = 0;
      }
      return found;
    };
  }

  set(newest: StoredVersion): void {
    const { key } = newest;
    this.#allPlain &&= isPlain(key);
    const last = this.#segments.at(-1);
    const lastKey = last?.at(-1)?.key;
    if (last === undefined || lastKey === undefined || lessThan(key, this.#allPlain)(lastKey)) {
      this.#size++;
      if (last !== undefined && last.length < MOST_IN_SEGMENT) last.push(newest);
      else this.#segments.push([newest]);
      return;
    }
    const { segment, at } = this.#place(lessThan(key, this.#allPlain));
    const objects = this.#segments[segment] ?? [];
    const isThere = objects[at]?.key === key;
    objects.splice(at, isThere ? 1 : 0, newest);
    if (isThere) return;
    this.#size++;
    if (objects.length > MOST_IN_SEGMENT) {
      this.#segments.splice(segment + 1, 0, objects.splice(MOST_IN_SEGMENT >>> 1));
    }
  }

  remove(key: string): void {
    const { segment, at } = this.#place(lessThan(key, this.#allPlain));
    const objects = this.#segments[segment];
    if (objects?.[at]?.key !== key) return;
    objects.splice(at, 1);
    this.#size--;
    if (objects.length === 0) this.#segments.splice(segment, 1);
  }

  /** No segment is ever empty, so the first whose last key is not before holds the place. */
  #place(isBefore: (key: string) => boolean): { segment: number; at: number } {
    const segment = partitionPoint(this.#segments.length, (middle) => {
      const key = this.#segments[middle]?.at(-1)?.key;
      return key !== undefined && isBefore(key);
    });
    const objects = this.#segments[segment] ?? [];
    const at = partitionPoint(objects.length, (middle) => {
      const key = objects[middle]?.key;
      return key !== undefined && isBefore(key);
    });
    return { segment, at };
  }

  #at({ segment, at }: { segment: number; at: number }): StoredVersion | undefined {
    return this.#segments[segment]?.[at];
  }
}
