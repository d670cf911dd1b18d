import { isKeptAsCopy } from '#core/collect/copies.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import { NameColumn } from '#core/inventory/compact-names.ts';
import { type Directory, DirectoryList } from '#core/inventory/directory-list.ts';
import { forEachNamesake } from '#core/inventory/namesakes.ts';
import { NumberColumn } from '#core/inventory/number-column.ts';

/**
 * Shards for each part of the names. A row takes less memory than an object (285 MiB for eight million, the process
 * included), and there are two files for each part and shard: most of what a run in many shards writes.
 */
const SHARDS_OF_PART = 8;

/** In how many parts the names of an area are compared. */
export function partsOfNames(shards: number, shardsOfPart = SHARDS_OF_PART): number {
  return Math.ceil(shards / shardsOfPart);
}

/** Which part of all UUIDs one belongs to. Flink's are random, so the parts are of one size. */
export function partitionOf(uuid: string, partitions: number): number {
  return Math.floor((Number.parseInt(uuid.slice(0, 8), 16) / 2 ** 32) * partitions);
}

/** An object with a UUID for a name, from any shard. */
export interface NamedRow {
  readonly name: string;
  readonly location: number;
  /** Of its directory. */
  readonly path: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** Whether a root references it, under whatever name. */
  readonly isWanted: boolean;
  readonly shard: number;
  /** In its shard. */
  readonly object: number;
}

/** An object that has the name of one that a root references. */
export interface Namesake {
  readonly shard: number;
  /** In its shard. */
  readonly object: number;
  /** Whether it is kept as a copy of that one. */
  readonly isKept: boolean;
  /** The one that is referenced; its key is whole. */
  readonly of: () => {
    readonly location: number;
    readonly key: string;
    readonly bytes: number;
    readonly modified: number;
  };
}

/** All objects of an area whose names are in one part, to find those that are kept as copies of live ones. */
export class NamedRows {
  readonly #names = new NameColumn();
  readonly #directories = new DirectoryList();
  readonly #directoryIds = new NumberColumn(1);
  readonly #bytes = new NumberColumn(1);
  readonly #modified = new NumberColumn(1000);
  readonly #shards = new NumberColumn(1);
  readonly #objects = new NumberColumn(1);
  readonly #wanted = new BitColumn();
  #size = 0;

  add({ name, location, path, bytes, modified, isWanted, shard, object }: NamedRow): void {
    this.#names.push(name);
    this.#directoryIds.push(this.#directories.intern(location, path));
    this.#bytes.push(bytes);
    this.#modified.push(modified);
    this.#shards.push(shard);
    this.#objects.push(object);
    if (isWanted) this.#wanted.add(this.#size);
    this.#size++;
  }

  /** Tells of each object with the name of one that a root references, once for each such one. */
  forEachNamesake(tell: (namesake: Namesake) => void): void {
    const rows = {
      directory: (row: number): Directory => this.#directories.get(this.#directoryIds.get(row)),
      bytes: (row: number) => this.#bytes.get(row),
      modified: (row: number) => this.#modified.get(row),
    };
    forEachNamesake(
      {
        size: this.#size,
        hash: (row) => this.#names.hash(row),
        isSameName: (row, other) => this.#names.compareRows(row, other) === 0,
      },
      (row) => this.#wanted.has(row),
      (row) => !this.#wanted.has(row),
      (live, row) => {
        tell({
          shard: this.#shards.get(row),
          object: this.#objects.get(row),
          isKept: isKeptAsCopy(row, live, rows),
          of: () => {
            const { location, path } = rows.directory(live);
            const key = path + this.#names.get(live);
            return { location, key, bytes: rows.bytes(live), modified: rows.modified(live) };
          },
        });
      },
    );
  }
}
