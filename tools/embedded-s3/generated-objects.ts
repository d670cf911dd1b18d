import { lessThan } from '#tools/embedded-s3/key-bounds.ts';
import { type Cursor, type ObjectIndex, partitionPoint } from '#tools/embedded-s3/object-index.ts';
import { StoredVersion, type VersionDetails } from '#tools/embedded-s3/stored-version.ts';

/** Objects that nobody stores. */
export interface ObjectSource {
  readonly size: number;
  /** Whether no character of any key lies beyond U+FFFF. */
  readonly allPlain: boolean;
  /** The key at a rank from 0 to `size - 1`, in the order of the keys' UTF-8 bytes. */
  keyAt(rank: number): string;
  /** The same object at every call. */
  objectAt(rank: number, key: string): Omit<VersionDetails, 'key'>;
}

/** A source as an index that can't be written to. */
export class GeneratedObjects implements ObjectIndex {
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  get allPlain(): boolean {
    return this.#source.allPlain;
  }

  get(key: string): StoredVersion | undefined {
    const rank = this.#rank(lessThan(key, this.allPlain));
    const found = this.#at(rank);
    return found?.key === key ? found : undefined;
  }

  seek(isBefore: (key: string) => boolean): Cursor {
    let rank = this.#rank(isBefore);
    return () => this.#at(rank++);
  }

  #rank(isBefore: (key: string) => boolean): number {
    return partitionPoint(this.#source.size, (rank) => isBefore(this.#source.keyAt(rank)));
  }

  #at(rank: number): StoredVersion | undefined {
    if (rank >= this.#source.size) return undefined;
    const key = this.#source.keyAt(rank);
    return new StoredVersion({ key, ...this.#source.objectAt(rank, key) });
  }
}
