import {
  classifyDirectory,
  classifyObject,
  type DirectoryClass,
  kindOfStateFile,
  type ObjectKind,
} from '../flink/layout.ts';
import { METADATA_NAME } from '../flink/names.ts';
import { NumberColumn, WordColumn } from './columns.ts';
import { NameColumn } from './compact-names.ts';
import { EtagColumn } from './etag-column.ts';

/** A directory that holds at least one object. */
export interface Directory {
  readonly location: number;
  /** Whole key prefix, empty or with a closing slash. */
  readonly path: string;
  readonly class: DirectoryClass;
}

/**
 * Every object of an area, some 75 bytes each: column by column, directories interned, names and ETags in binary. An
 * object is known by its index.
 */
export class ObjectTable {
  readonly #directories: { readonly directory: Directory; holdsRoot: boolean }[] = [];
  readonly #directoryIds: Map<string, number>[] = [];
  readonly #directoryOf = new WordColumn();
  readonly #names = new NameColumn();
  readonly #bytes = new NumberColumn();
  readonly #modified = new NumberColumn();
  readonly #etags = new EtagColumn();
  readonly #special = new Map<number, string>();
  #index: Uint32Array | null = null;

  get size(): number {
    return this.#directoryOf.length;
  }

  /**
   * Adds one listed object.
   *
   * @param key the whole key.
   * @param modified epoch milliseconds.
   * @param special what it is instead of an ordinary object, in words.
   */
  add(location: number, key: string, bytes: number, modified: number, etag: string, special?: string): number {
    const object = this.size;
    const slash = key.lastIndexOf('/') + 1;
    const directory = this.#internDirectory(location, key.slice(0, slash));
    const name = key.slice(slash);
    this.#directoryOf.push(directory);
    this.#names.push(name);
    this.#bytes.push(bytes);
    this.#modified.push(modified);
    this.#etags.push(etag);
    if (special !== undefined) {
      this.#special.set(object, special);
    }
    if (name === METADATA_NAME) {
      this.#directoryEntry(directory).holdsRoot = true;
    }
    this.#index = null;
    return object;
  }

  /** Tells that a directory holds a root, though the listing did not show it (or not any more). */
  markHoldsRoot(location: number, directoryPath: string): void {
    this.#directoryEntry(this.#internDirectory(location, directoryPath)).holdsRoot = true;
  }

  directory(object: number): Directory {
    return this.#directoryEntry(this.#directoryOf.get(object)).directory;
  }

  /** All directories that hold an object, or were told to hold a root. */
  *directories(): Generator<Directory> {
    for (const { directory } of this.#directories) {
      yield directory;
    }
  }

  /** An id that objects of one directory share; counted from 0. */
  directoryId(object: number): number {
    return this.#directoryOf.get(object);
  }

  location(object: number): number {
    return this.directory(object).location;
  }

  key(object: number): string {
    return this.directory(object).path + this.#names.get(object);
  }

  name(object: number): string {
    return this.#names.get(object);
  }

  hasUuidName(object: number): boolean {
    return this.#names.isUuid(object);
  }

  bytes(object: number): number {
    return this.#bytes.get(object);
  }

  /** LastModified, epoch milliseconds. */
  modified(object: number): number {
    return this.#modified.get(object);
  }

  etag(object: number): string {
    return this.#etags.get(object);
  }

  special(object: number): string | undefined {
    return this.#special.get(object);
  }

  kind(object: number): ObjectKind {
    const { directory, holdsRoot } = this.#directoryEntry(this.#directoryOf.get(object));
    if (this.#names.isUuid(object)) {
      // Nearly all of them, so no text is made for them.
      return kindOfStateFile(directory.class, holdsRoot);
    }
    return classifyObject(directory.class, directory.path, this.#names.get(object), this.bytes(object), holdsRoot);
  }

  /** The object of that key, or -1. */
  find(location: number, key: string): number {
    const slash = key.lastIndexOf('/') + 1;
    const directory = this.#directoryIds[location]?.get(key.slice(0, slash));
    const query = this.#names.query(key.slice(slash));
    if (directory === undefined || query === null) {
      return -1;
    }
    const slots = this.#slots();
    const mask = slots.length - 1;
    let slot = slotOf(directory, query.hash, mask);
    let entry = slots[slot];
    while (entry) {
      const object = entry - 1;
      if (this.#directoryOf.get(object) === directory && this.#names.matches(object, query)) {
        return object;
      }
      slot = (slot + 1) & mask;
      entry = slots[slot];
    }
    return -1;
  }

  /** All objects whose last path segment is one of `names`. */
  *withBaseName(names: ReadonlySet<string>): Generator<number> {
    const hashes = new Set<number>();
    for (const name of names) {
      const query = this.#names.query(name);
      if (query !== null) {
        hashes.add(query.hash);
      }
    }
    for (let object = 0; hashes.size > 0 && object < this.size; object++) {
      if (hashes.has(this.#names.hashAt(object)) && names.has(this.#names.get(object))) {
        yield object;
      }
    }
  }

  #internDirectory(location: number, path: string): number {
    let ids = this.#directoryIds[location];
    if (ids === undefined) {
      ids = new Map();
      this.#directoryIds[location] = ids;
    }
    const known = ids.get(path);
    if (known !== undefined) {
      return known;
    }
    const id = this.#directories.length;
    this.#directories.push({ directory: { location, path, class: classifyDirectory(path) }, holdsRoot: false });
    ids.set(path, id);
    return id;
  }

  #directoryEntry(id: number): { readonly directory: Directory; holdsRoot: boolean } {
    const entry = this.#directories[id];
    if (entry === undefined) {
      throw new RangeError(`No directory ${id} in a table of ${this.#directories.length}.`);
    }
    return entry;
  }

  /** Open addressing, at most half full; slots hold the object's index plus one. */
  #slots(): Uint32Array {
    if (this.#index !== null) {
      return this.#index;
    }
    let capacity = 16;
    while (capacity < this.size * 2) {
      capacity *= 2;
    }
    const slots = new Uint32Array(capacity);
    for (let object = 0; object < this.size; object++) {
      this.#insert(slots, object);
    }
    this.#index = slots;
    return slots;
  }

  #insert(slots: Uint32Array, object: number): void {
    const directory = this.#directoryOf.get(object);
    const mask = slots.length - 1;
    let slot = slotOf(directory, this.#names.hashAt(object), mask);
    let entry = slots[slot];
    while (entry) {
      const other = entry - 1;
      if (this.#directoryOf.get(other) === directory && this.#names.same(other, object)) {
        // A store lists every key once. Two records of one key would mean two verdicts on one object.
        throw new Error(
          `The listing shows ${this.key(object)} twice. Nothing can be decided from such a listing; run again, and report it if it stays so.`,
        );
      }
      slot = (slot + 1) & mask;
      entry = slots[slot];
    }
    slots[slot] = object + 1;
  }
}

function slotOf(directory: number, nameHash: number, mask: number): number {
  const hash = Math.imul(nameHash ^ Math.imul(directory, 0x9e3779b1), 0x85ebca77);
  return (hash ^ (hash >>> 15)) & mask;
}
