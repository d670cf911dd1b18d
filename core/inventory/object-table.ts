import { classifyObject, kindOfStateFile, type ObjectKind } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { compareKeys } from '#core/key-order.ts';
import { type Name, parseName } from '#core/uuid-names.ts';
import type { CompactPage } from './compact-page.ts';
import { type Directory, DirectoryList } from './directory-list.ts';
import { forEachNamesake } from './namesakes.ts';
import { ObjectRows } from './object-rows.ts';
import type { RowFacts } from './row-facts.ts';
import { Runs } from './runs.ts';
import { sortRuns } from './sort-runs.ts';
import { SortedObjects } from './sorted-objects.ts';
import { STORAGE_CLASSES, type StorageClass } from './storage-class.ts';

export type { Directory } from './directory-list.ts';

/** One object as a listing shows it. */
export interface ObjectEntry extends RowFacts {
  /** By number, in the order of the area. */
  readonly location: number;
  /** The whole key. */
  readonly key: string;
  /** What it is instead of an ordinary object, in words. */
  readonly special?: string | undefined;
}

/** Objects of one directory that follow one another. */
export interface DirectoryStretch {
  readonly directory: Directory;
  /** As {@link ObjectTable.directoryId} tells it. */
  readonly directoryId: number;
  /** The first one. */
  readonly first: number;
  readonly count: number;
}

/**
 * Every object of an area, some 40 bytes each: column by column, directories interned, names and ETags in binary.
 *
 * First all objects are added, then the table is sealed, and from then on an object is known by its index: its place
 * in the order of locations and, within them, of keys ({@link compareKeys}).
 */
export class ObjectTable {
  readonly #directories = new DirectoryList();
  readonly #rows = new ObjectRows();
  readonly #runs = new Runs();
  #lastLocation = -1;
  #lastDirectory = -1;
  #lastPath = '';
  #sealed: SortedObjects | null = null;

  get size(): number {
    return this.#rows.length;
  }

  /** Adds one listed object. The order does not matter; the order of a listing costs least. */
  add(object: ObjectEntry): void {
    this.addAt(object.location, object.key, object, object.special);
  }

  /** As {@link add}, without an object for the place: listings are long. */
  addAt(location: number, key: string, facts: RowFacts, special: ObjectEntry['special']): void {
    this.#assertOpen(key);
    // Most objects follow another one of their directory.
    const isSameDirectory =
      location === this.#lastLocation &&
      key.startsWith(this.#lastPath) &&
      key.indexOf('/', this.#lastPath.length) === -1;
    if (!isSameDirectory) {
      this.#enter(location, key.slice(0, key.lastIndexOf('/') + 1));
    }
    const row = this.size;
    this.#rows.push(key, this.#lastPath.length, facts, special);
    this.#noteRun(row, isSameDirectory);
    if (key.length === this.#lastPath.length + METADATA_NAME.length && key.endsWith(METADATA_NAME)) {
      this.#directories.markHoldsRoot(this.#lastDirectory);
    }
  }

  /**
   * Adds the objects of a page, without a text for each.
   *
   * @param above what comes before the keys of the page in those of the location.
   */
  addPage(location: number, page: CompactPage, above: string): void {
    let last: string | null = null;
    for (let place = 0; place < page.length; place++) {
      const directory = page.isInOrder ? page.directory(place) : null;
      if (directory === null) {
        const entry = page.entry(place);
        this.addAt(location, above + entry.key, entry, undefined);
      } else if (directory === last) {
        // It follows the one before.
        this.#rows.pushUuid(page, place);
      } else {
        this.#beginDirectory(location, above + directory, page, place);
      }
      last = directory;
    }
  }

  /**
   * Ends the adding and brings the objects into order. Whoever looks at an object before does the same.
   *
   * @throws Error where a key was listed twice.
   */
  seal(): void {
    this.#inOrder();
  }

  /** Tells that a directory holds a root, though the listing did not show it (or not any more). */
  markHoldsRoot(location: number, directoryPath: string): void {
    this.#directories.markHoldsRoot(this.#directories.intern(location, directoryPath));
  }

  /** Tells that the `_metadata` of a directory is no root: other formats have files of that name. */
  markHoldsNoRoot(location: number, directoryPath: string): void {
    this.#directories.markHoldsRoot(this.#directories.intern(location, directoryPath), false);
  }

  directory(object: number): Directory {
    return this.#directories.get(this.directoryId(object));
  }

  /** All directories that hold an object, or were told to hold a root. */
  *directories(): Generator<Directory> {
    yield* this.#directories;
  }

  /** Objects of one directory that follow one another in the order of the area; together all objects. */
  *stretches(): Generator<DirectoryStretch> {
    for (const { directory, first, count } of this.#inOrder().stretches()) {
      yield { directory: this.#directories.get(directory), directoryId: directory, first, count };
    }
  }

  /** An id that objects of one directory share; counted from 0, in no order. */
  directoryId(object: number): number {
    return this.#inOrder().directory(object);
  }

  location(object: number): number {
    return this.directory(object).location;
  }

  key(object: number): string {
    return this.directory(object).path + this.name(object);
  }

  name(object: number): string {
    return this.#rows.names.get(this.#row(object));
  }

  hasUuidName(object: number): boolean {
    return this.#rows.names.isUuid(this.#row(object));
  }

  bytes(object: number): number {
    return this.#rows.bytes.get(this.#row(object));
  }

  /** LastModified, epoch milliseconds. */
  modified(object: number): number {
    return this.#rows.modified.get(this.#row(object));
  }

  etag(object: number): string {
    return this.#rows.etags.get(this.#row(object));
  }

  special(object: number): string | undefined {
    return this.#rows.special.get(this.#row(object));
  }

  /** Whether it must be restored from an archive before it can be read. */
  isArchived(object: number): boolean {
    return this.#rows.archived.has(this.#row(object));
  }

  /** Whether there is any object of that kind. */
  get holdsTiering(): boolean {
    return this.#rows.tiering.isUsed;
  }

  /** Whether the store moves it between tiers by itself, some of which may be archives. */
  isTiering(object: number): boolean {
    return this.#rows.tiering.has(this.#row(object));
  }

  /** By which it is billed; null for S3 Standard. */
  storageClass(object: number): StorageClass | null {
    return STORAGE_CLASSES[this.#rows.classes.get(this.#row(object)) - 1] ?? null;
  }

  /** Whether any object is billed otherwise than S3 Standard. */
  get holdsStorageClasses(): boolean {
    return this.#rows.classes.isUsed;
  }

  /** Tells that an object may lie in an archive tier, though its class does not say so. */
  markArchived(object: number): void {
    this.#rows.archived.add(this.#row(object));
  }

  kind(object: number): ObjectKind {
    const row = this.#row(object);
    const id = this.directoryId(object);
    const directory = this.#directories.get(id);
    const holdsRoot = this.#directories.holdsRoot(id);
    const { names, bytes } = this.#rows;
    if (names.isUuid(row)) {
      // Nearly all of them, so no text is made for them.
      return kindOfStateFile(directory.class, holdsRoot);
    }
    const { path, class: itsClass } = directory;
    const kind = classifyObject({ path, class: itsClass, holdsRoot }, names.get(row), bytes.get(row));
    return kind === 'metadata' && !holdsRoot ? 'unknown' : kind;
  }

  /** The object of that key, or -1. */
  find(location: number, key: string): number {
    const slash = key.lastIndexOf('/') + 1;
    const directory = this.directoryIdOf(location, key.slice(0, slash));
    return directory === -1 ? -1 : this.findIn(directory, parseName(key, slash));
  }

  /** The {@link directoryId} of the objects of a directory, or -1. @param path empty or with a closing slash. */
  directoryIdOf(location: number, path: string): number {
    return this.#directories.find(location, path);
  }

  /** The object of that name in a directory, or -1. @param directory its id. */
  findIn(directory: number, name: Name): number {
    return this.#inOrder().find(directory, name);
  }

  /** All objects whose last path segment is one of `names`. */
  *withBaseName(names: ReadonlySet<string>): Generator<number> {
    const isWanted = this.#rows.names.filter(names);
    for (let object = 0; names.size > 0 && object < this.size; object++) {
      if (isWanted(this.#row(object))) {
        yield object;
      }
    }
  }

  /**
   * Tells of every pair of a wanted object and another one that bears the same name of a state file: a UUID, of which
   * Flink never makes two.
   *
   * @param isWanted never true of an object that is one of the others.
   */
  forEachNamesake(
    isWanted: (object: number) => boolean,
    isOther: (object: number) => boolean,
    tell: (wanted: number, other: number) => void,
  ): void {
    const { names } = this.#rows;
    const sorted = this.#inOrder();
    const objects = {
      size: this.size,
      hash: (object: number) => names.hash(sorted.row(object)),
      isSameName: (object: number, other: number) => names.compareRows(sorted.row(object), sorted.row(other)) === 0,
    };
    forEachNamesake(objects, isWanted, isOther, tell);
  }

  #assertOpen(key: string): void {
    if (this.#sealed !== null) {
      throw new Error(`${key} was listed after the table was sealed. Nothing can be decided from such a listing.`);
    }
  }

  /** Adds an object that may be in another directory than the one before. */
  #beginDirectory(location: number, path: string, page: CompactPage, place: number): void {
    this.#assertOpen(path);
    const isSame = location === this.#lastLocation && path === this.#lastPath;
    if (!isSame) this.#enter(location, path);
    const row = this.size;
    this.#rows.pushUuid(page, place);
    this.#noteRun(row, isSame);
  }

  /** A row begins a run unless it follows the one before it. */
  #noteRun(row: number, isSameDirectory: boolean): void {
    if (!isSameDirectory || this.#rows.names.compareRows(row - 1, row) >= 0) {
      this.#runs.begin(this.#lastDirectory, row);
    }
  }

  #enter(location: number, path: string): void {
    this.#lastDirectory = this.#directories.intern(location, path);
    this.#lastLocation = location;
    this.#lastPath = this.#directories.get(this.#lastDirectory).path;
  }

  #row(object: number): number {
    return this.#inOrder().row(object);
  }

  #inOrder(): SortedObjects {
    this.#sealed ??= this.#sorted();
    return this.#sealed;
  }

  #sorted(): SortedObjects {
    const directories = this.#directories.inOrder();
    const stretches = sortRuns(this.#runs, this.#rows, directories, (directory, row) => {
      // A store lists every key once. Two records of one key would mean two verdicts on one object.
      const key = this.#directories.get(directory).path + this.#rows.names.get(row);
      throw new Error(
        `The listing shows ${key} twice. Nothing can be decided from such a listing; run again, and report it if it happens again.`,
      );
    });
    return new SortedObjects(stretches, this.#rows, directories.length);
  }
}
