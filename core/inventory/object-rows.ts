import { BitColumn, ByteColumn } from './columns.ts';
import { NameColumn } from './compact-names.ts';
import type { CompactPage } from './compact-page.ts';
import { EtagColumn } from './etag-column.ts';
import { NumberColumn } from './number-column.ts';
import type { RowFacts } from './row-facts.ts';
import { swapEntries } from './sparse-rows.ts';
import { STORAGE_CLASSES } from './storage-class.ts';

const MILLISECONDS_PER_SECOND = 1000;

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
    if (special !== undefined) {
      this.special.set(this.#length, special);
    }
    this.#pushRest(bytes, modified, storage, storageClass);
  }

  /** Adds an object of a page whose key ends in a UUID, without a text for it. */
  pushUuid(page: CompactPage, place: number): void {
    this.names.pushUuid(
      page.nameWord(place, 0),
      page.nameWord(place, 1),
      page.nameWord(place, 2),
      page.nameWord(place, 3),
    );
    const parts = page.etagParts(place);
    if (parts === -1) {
      this.etags.push(page.etag(place));
    } else {
      this.etags.pushMd5(
        page.etagWord(place, 0),
        page.etagWord(place, 1),
        page.etagWord(place, 2),
        page.etagWord(place, 3),
        parts,
      );
    }
    const { storage, storageClass } = page.storage(place);
    this.#pushRest(page.bytes(place), page.modified(place), storage, storageClass);
  }

  #pushRest(
    bytes: number,
    modified: number,
    storage: RowFacts['storage'],
    storageClass: RowFacts['storageClass'],
  ): void {
    this.bytes.push(bytes);
    this.modified.push(modified);
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
