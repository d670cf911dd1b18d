import { classifyDirectory, type DirectoryClass } from '#core/flink/layout.ts';
import { compareKeys } from '#core/key-order.ts';
import { ownText } from '#core/own-text.ts';

/** A directory that holds at least one object. */
export interface Directory {
  readonly location: number;
  /** Whole key prefix, empty or with a closing slash. */
  readonly path: string;
  readonly class: DirectoryClass;
}

/** A directory with its id. */
export interface OrderedDirectory extends Pick<Directory, 'location' | 'path'> {
  readonly id: number;
}

interface Entry {
  readonly directory: Directory;
  holdsRoot: boolean;
}

/** The directories of an area, each known by the order in which it was seen, counted from 0. */
export class DirectoryList {
  readonly #entries: Entry[] = [];
  readonly #ids: Map<string, number>[] = [];
  #last: DirectoryClass | undefined;

  /** The id of a directory; a new one where it was not seen before. */
  intern(location: number, path: string): number {
    const ids = this.#ids[location] ?? new Map<string, number>();
    this.#ids[location] = ids;
    const known = ids.get(path);
    if (known !== undefined) {
      return known;
    }
    const id = this.#entries.length;
    const own = ownText(path);
    this.#last = this.#withSharedTexts(classifyDirectory(own));
    this.#entries.push({ directory: { location, path: own, class: this.#last }, holdsRoot: false });
    ids.set(own, id);
    return id;
  }

  /** The id of a directory, or -1. */
  find(location: number, path: string): number {
    return this.#ids[location]?.get(path) ?? -1;
  }

  get(id: number): Directory {
    return this.#entry(id).directory;
  }

  holdsRoot(id: number): boolean {
    return this.#entry(id).holdsRoot;
  }

  markHoldsRoot(id: number, holdsRoot = true): void {
    this.#entry(id).holdsRoot = holdsRoot;
  }

  *[Symbol.iterator](): Generator<Directory> {
    for (const { directory } of this.#entries) {
      yield directory;
    }
  }

  /** All of them by location, and within it by path. */
  inOrder(): readonly OrderedDirectory[] {
    return this.#entries
      .map(({ directory: { location, path } }, id) => ({ id, location, path }))
      .sort((a, b) => a.location - b.location || compareKeys(a.path, b.path));
  }

  /** Neighbours mostly belong to one job, which need not be written down a hundred thousand times. */
  #withSharedTexts(itsClass: DirectoryClass): DirectoryClass {
    const last = this.#last;
    return last !== undefined && last.base === itsClass.base && last.job === itsClass.job
      ? { ...itsClass, base: last.base, job: last.job }
      : itsClass;
  }

  #entry(id: number): Entry {
    const entry = this.#entries[id];
    if (entry === undefined) {
      throw new RangeError(`No directory ${id} in a table of ${this.#entries.length}.`);
    }
    return entry;
  }
}
