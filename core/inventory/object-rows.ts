import { BitColumn, ByteColumn } from './columns.ts';
import { NameColumn } from './compact-names.ts';
import { EtagColumn } from './etag-column.ts';
import { NumberColumn } from './number-column.ts';
import { swapEntries } from './sparse-rows.ts';
import { STORAGE_CLASSES, type StorageClass } from './storage-class.ts';

const MILLISECONDS_PER_SECOND = 1000;

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

/**
 * What is known of objects, without their directories, in the order in which they were listed: 37 bytes each where
 * the store writes names, ETags and times as S3 and Flink do.
 */
export class ObjectRows {
  readonly names = new NameColumn();
  readonly etags = new EtagColumn();
  readonly bytes = new NumberColumn(1);
  /** Epoch milliseconds. S3 lists whole seconds. */
  readonly modified = new NumberColumn(MILLISECONDS_PER_SECOND);
  readonly special = new Map<number, string>();
  /** A bit each, and none where the area holds none. */
  readonly archived = new BitColumn();
  readonly tiering = new BitColumn();
  /** A byte each: 0 for S3 Standard, else 1 more than the place in {@link STORAGE_CLASSES}. */
  readonly classes = new ByteColumn();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * @param from where the name of the object begins in its key.
   * @param special what it is instead of an ordinary object, in words.
   */
  push(
    key: string,
    from: number,
    { bytes, modified, etag, storage, storageClass }: RowFacts,
    special: string | undefined,
  ): void {
    this.names.push(key, from);
    this.etags.push(etag);
    this.bytes.push(bytes);
    this.modified.push(modified);
    if (special !== undefined) {
      this.special.set(this.#length, special);
    }
    if (storage === 'archived') {
      this.archived.add(this.#length);
    } else if (storage === 'tiering') {
      this.tiering.add(this.#length);
    }
    if (storageClass !== undefined) {
      this.classes.set(this.#length, STORAGE_CLASSES.indexOf(storageClass) + 1);
    }
    this.#length++;
  }

  swap(row: number, other: number): void {
    this.names.swap(row, other);
    this.etags.swap(row, other);
    this.bytes.swap(row, other);
    this.modified.swap(row, other);
    swapEntries(this.special, row, other);
    this.archived.swap(row, other);
    this.tiering.swap(row, other);
    this.classes.swap(row, other);
  }
}
